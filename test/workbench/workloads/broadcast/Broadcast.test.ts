import { assert, describe, it } from "@effect/vitest"
import { Effect, type Schema } from "effect"
import { Broadcast, Read, Topology } from "../../../../src/protocol/Broadcast.ts"
import { NodeId } from "../../../../src/protocol/NodeId.ts"
import { Crash } from "../../../../src/protocol/RpcError.ts"
import { check } from "../../../../src/workbench/workloads/Workloads.ts"
import { workload } from "../../../../src/workbench/workloads/broadcast/Broadcast.ts"
import { answering, invokeAll, options, run, take, testNode } from "../testRun.ts"

const broadcastNode = () => {
  const values: Array<Schema.Json> = []
  return testNode(
    answering(Topology, () => Effect.succeed({})),
    answering(Broadcast.broadcast, ({ message }) => Effect.sync(() => values.push(message)).pipe(Effect.as({}))),
    answering(Read, () => Effect.sync(() => ({ messages: [...values] })))
  )
}

describe("Broadcast", () => {
  it("broadcasts 0, 1, 2, … and reads, one as often as the other", () => {
    const operations = take(workload, 2000)
    const values = operations.filter(({ f }) => f === "broadcast").map(({ value }) => value)
    assert.deepStrictEqual(
      values,
      values.map((_, index) => index)
    )
    assert.closeTo(values.length, 1000, 100)
    assert.deepStrictEqual(
      operations.find(({ f }) => f === "read"),
      { f: "read", value: null }
    )
  })

  it.effect("tells a node its topology before the test", () =>
    Effect.gen(function* () {
      const node = broadcastNode()
      const topology = { n0: [NodeId.make("n1")], n1: [NodeId.make("n0")] }
      const { call, request } = workload.setup!
      yield* node.connection.call(call, request({ ...options, topology }))
      assert.deepStrictEqual(node.calls, [["topology", { topology }]])
    })
  )

  it.effect("ends with one read of every client that is marked as final", () =>
    Effect.gen(function* () {
      const node = broadcastNode()
      const { final, history } = yield* run({ workload, connection: node.connection, operations: 200 })
      const reads = final.filter(({ type }) => type === "ok")
      assert.deepStrictEqual(
        final.map(({ f, final: isFinal, process }) => [f, isFinal, process]),
        [0, 0, 1, 1, 2, 2, 3, 3].map((process) => ["read", true, process])
      )
      assert.deepStrictEqual(
        reads.map(({ value }) => value),
        reads.map(() => history.filter(({ f, type }) => f === "broadcast" && type === "ok").map(({ value }) => value))
      )
      assert.isTrue(check("broadcast", history, { concurrency: 4, nodeCount: 1 }).validity)
    })
  )

  it.effect("takes a read that fails for one that changed nothing, but not a broadcast", () =>
    Effect.gen(function* () {
      const node = testNode(
        answering(Broadcast.broadcast, () => Effect.fail(new Crash({ text: "oops" }))),
        answering(Read, () => Effect.fail(new Crash({ text: "oops" })))
      )
      const completions = yield* invokeAll(workload, node.connection, [
        { f: "broadcast", value: 0 },
        { f: "read", value: null }
      ])
      assert.deepStrictEqual(
        completions.map(({ type }) => type),
        ["info", "fail"]
      )
    })
  )
})
