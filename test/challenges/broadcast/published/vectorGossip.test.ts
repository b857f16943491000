import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { layer } from "../../../../src/challenges/broadcast/published/vectorGossip.ts"
import * as TestNode from "../../../services/TestNode.ts"

describe("gossip by vector clocks", () => {
  it.effect("answers a heartbeat with what its sender lacks", () =>
    Effect.gen(function* () {
      const node = yield* TestNode.start(layer, { id: "n1", nodeIds: ["n0", "n1"] })
      yield* node.ask({ type: "broadcast", message: "a" })
      yield* node.ask({ type: "broadcast", message: "b" })
      yield* node.deliver("n0", "n1", { type: "heartbeat", have: [0, 1] })
      yield* node.ask({ type: "read" })
      assert.deepStrictEqual(
        node.sent.filter(({ dest }) => dest === "n0").map(({ body }) => body),
        [{ type: "delta", runs: [[1, 1, ["b"]]] }]
      )
    })
  )

  it.effect("takes values behind a gap once the gap is filled", () =>
    Effect.gen(function* () {
      const node = yield* TestNode.start(layer, { id: "n1", nodeIds: ["n0", "n1"] })
      const delta = (...run: [number, number, Array<string>]) =>
        node.deliver("n0", "n1", { type: "delta", runs: [run] })
      const read = Effect.map(node.ask({ type: "read" }), ({ messages }) => messages)
      yield* delta(0, 1, ["b"])
      assert.deepStrictEqual(yield* read, [])
      yield* delta(0, 0, ["a"])
      yield* delta(0, 0, ["a", "b"])
      assert.deepStrictEqual(yield* read, ["a", "b"])
    })
  )

  it.effect("is not harmed by messages of another cluster", () =>
    Effect.gen(function* () {
      const node = yield* TestNode.start(layer, { id: "n1", nodeIds: ["n0", "n1"] })
      yield* node.deliver("n0", "n1", { type: "delta", runs: [[7, 0, ["x"]]] })
      yield* node.deliver("n0", "n1", { type: "delta", runs: [[1, 0, ["mine"]]] })
      yield* node.deliver("n0", "n1", { type: "heartbeat", have: [0, 0, 0] })
      yield* node.deliver("n9", "n1", { type: "heartbeat", have: [0, 0] })
      yield* node.ask({ type: "broadcast", message: "a" })
      assert.deepInclude(yield* node.ask({ type: "read" }), { messages: ["a"] })
      assert.isTrue(node.sent.every(({ dest }) => dest === "c1"))
    })
  )
})
