import { assert, describe, it } from "@effect/vitest"
import { Effect, Random } from "effect"
import { TestClock } from "effect/testing"
import * as IdGenerator from "../../src/services/IdGenerator.ts"
import * as TestNode from "./TestNode.ts"

describe("IdGenerator", () => {
  it.effect("gives a new id each time, on every node and in every incarnation of a node", () =>
    Effect.gen(function* () {
      const incarnations = yield* Effect.forEach(["n1", "n1", "n1", "n2", "n11"], (id) =>
        Effect.flatMap(TestNode.services({ id }), ({ context }) => Effect.provideContext(IdGenerator.make, context))
      )
      const ids = incarnations.flatMap((next) => Array.from({ length: 100 }, next))
      assert.strictEqual(new Set(ids).size, ids.length)
    })
  )

  it.effect("gives other ids after a restart at the very same time, as a clock that stepped back shows it", () =>
    Effect.gen(function* () {
      const start = Effect.flatMap(TestNode.services({ id: "n1" }), ({ context }) =>
        Effect.provideContext(IdGenerator.make, context)
      )
      const first = (yield* Effect.forEach(Array.from({ length: 20 }), () => start)).map((next) => next())
      assert.strictEqual(new Set(first).size, 20)
      yield* TestClock.adjust("20 millis")
      assert.notInclude(first, (yield* start)())
    }).pipe(Random.withSeed("restarts"))
  )
})
