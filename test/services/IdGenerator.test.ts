import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
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
})
