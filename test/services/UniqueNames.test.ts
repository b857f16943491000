import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as UniqueNames from "../../src/services/UniqueNames.ts"
import * as TestNode from "./TestNode.ts"

describe("UniqueNames", () => {
  it.effect("are new each time, on every node and in every life of a node", () =>
    Effect.gen(function* () {
      const lives = yield* Effect.forEach(["n1", "n1", "n1", "n2", "n11"], (id) =>
        Effect.flatMap(TestNode.services({ id }), ({ context }) => Effect.provideContext(UniqueNames.make, context))
      )
      const names = lives.flatMap((next) => Array.from({ length: 100 }, next))
      assert.strictEqual(new Set(names).size, names.length)
    })
  )
})
