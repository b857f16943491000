import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TemporarilyUnavailable } from "../../../../src/protocol/RpcError.ts"
import { Generate } from "../../../../src/protocol/UniqueIds.ts"
import { workload } from "../../../../src/workbench/workloads/unique-ids/UniqueIds.ts"
import { answering, invokeAll, take, testNode } from "../testRun.ts"

describe("UniqueIds", () => {
  it.effect("asks for ids and completes with them, of whatever kind they are", () =>
    Effect.gen(function* () {
      const ids = ["a", 1, ["n1", 2]]
      const node = testNode(answering(Generate, () => Effect.sync(() => ({ id: ids.shift()! }))))
      const completions = yield* invokeAll(workload, node.connection, take(workload, 3))
      assert.deepStrictEqual(
        completions.map(({ type, value }) => [type, value]),
        [
          ["ok", "a"],
          ["ok", 1],
          ["ok", ["n1", 2]]
        ]
      )
      assert.deepStrictEqual(node.calls[0], ["generate", {}])
    })
  )

  it.effect("fails with a definite error", () =>
    Effect.gen(function* () {
      const node = testNode(answering(Generate, () => Effect.fail(new TemporarilyUnavailable({ text: "busy" }))))
      assert.deepStrictEqual(yield* invokeAll(workload, node.connection, take(workload, 1)), [
        { type: "fail", error: ["temporarily-unavailable", "busy"] }
      ])
    })
  )
})
