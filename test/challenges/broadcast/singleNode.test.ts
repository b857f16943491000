import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, Effect, type Schema } from "effect"
import { layer } from "../../../src/challenges/broadcast/singleNode.ts"
import { anyJson } from "../../protocol/parsable.ts"
import * as TestNode from "../../services/TestNode.ts"
import { canonicalText } from "./canonicalText.ts"

describe("broadcast on a single node", () => {
  it.effect("knows nothing at first", () =>
    Effect.gen(function* () {
      const node = yield* TestNode.start(layer)
      assert.deepInclude(yield* node.ask({ type: "read" }), { type: "read_ok", messages: [] })
    })
  )

  it.effect("takes any topology", () =>
    Effect.gen(function* () {
      const node = yield* TestNode.start(layer)
      assert.strictEqual((yield* node.ask({ type: "topology", topology: { n1: [] } })).type, "topology_ok")
      assert.strictEqual((yield* node.ask({ type: "topology", topology: { x: ["y", "z"] } })).type, "topology_ok")
    })
  )

  it.effect.prop(
    "reads every value that was acknowledged, and each once",
    [Arbitrary.array(anyJson)],
    ([values]) =>
      Effect.gen(function* () {
        const node = yield* TestNode.start(layer)
        for (const message of [...values, ...values]) {
          assert.strictEqual((yield* node.ask({ type: "broadcast", message })).type, "broadcast_ok")
        }
        const { messages } = yield* node.ask({ type: "read" })
        const read = (messages as ReadonlyArray<Schema.Json>).map(canonicalText)
        assert.deepStrictEqual(read.toSorted(), [...new Set(values.map(canonicalText))].toSorted())
      }).pipe(Effect.scoped),
    { arbitrary: { runs: 50 } }
  )

  it.effect("goes by value, not by identity", () =>
    Effect.gen(function* () {
      const node = yield* TestNode.start(layer)
      for (const message of [1, "1", [1], { v: 1 }, 1, "1", [1], { v: 1 }]) {
        yield* node.ask({ type: "broadcast", message })
      }
      assert.deepInclude(yield* node.ask({ type: "read" }), { messages: [1, "1", [1], { v: 1 }] })
    })
  )
})
