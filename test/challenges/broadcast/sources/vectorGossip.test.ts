import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { layer } from "../../../../src/challenges/broadcast/sources/vectorGossip.ts"
import * as TestNode from "../../../services/TestNode.ts"

describe("gossip by vector clocks", () => {
  it.effect("answers a heartbeat with what its sender lacks", () =>
    Effect.gen(function* () {
      const node = yield* TestNode.start(layer, { id: "n1", nodeIds: ["n0", "n1"] })
      yield* node.ask({ type: "broadcast", message: "a" })
      yield* node.ask({ type: "broadcast", message: "b" })
      yield* node.deliver({ src: "n0", dest: "n1", body: { type: "heartbeat", have: [0, 1] } })
      const { body } = yield* node.sentTo("n0")
      assert.deepStrictEqual(body, { type: "delta", runs: [[1, 1, ["b"]]] })
    })
  )

  it.effect("takes values behind a gap once the gap is filled", () =>
    Effect.gen(function* () {
      const node = yield* TestNode.start(layer, { id: "n1", nodeIds: ["n0", "n1"] })
      const delta = (...run: [number, number, Array<string>]) =>
        node.deliver({ src: "n0", dest: "n1", body: { type: "delta", runs: [run] } })
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
      const from = (src: string, body: TestNode.TestNode["ask"] extends (body: infer Body) => unknown ? Body : never) =>
        node.deliver({ src, dest: "n1", body })
      yield* from("n0", { type: "delta", runs: [[7, 0, ["x"]]] })
      yield* from("n0", { type: "delta", runs: [[1, 0, ["mine"]]] })
      yield* from("n0", { type: "heartbeat", have: [0, 0, 0] })
      yield* from("n9", { type: "heartbeat", have: [0, 0] })
      yield* node.ask({ type: "broadcast", message: "a" })
      assert.deepInclude(yield* node.ask({ type: "read" }), { messages: ["a"] })
    })
  )
})
