import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { Echo } from "../../../src/protocol/Echo.ts"
import * as BroadcastProtocol from "../../../src/protocol/Broadcast.ts"
import * as CounterProtocol from "../../../src/protocol/Counter.ts"
import { Txn } from "../../../src/protocol/Txn.ts"
import { Generate } from "../../../src/protocol/UniqueIds.ts"
import type { Connection } from "../../../src/workbench/clients/Connection.ts"
import { type WorkloadName, workloads } from "../../../src/workbench/workloads/Workloads.ts"
import { loadRun } from "../history/recordedRuns.ts"
import { testLogs } from "./kafka/testLogs.ts"
import { answering, run, shape, testNode } from "./testRun.ts"

const counter = () =>
  testNode(
    answering(CounterProtocol.Add, () => Effect.succeed({})),
    answering(CounterProtocol.Read, () => Effect.succeed({ value: 0 }))
  )

/**
 * A node that answers a workload in the right form, and a run of real Maelstrom without errors, where one is recorded.
 */
const cases: { readonly [name in WorkloadName]: readonly [node: () => { connection: Connection }, recorded?: string] } =
  {
    echo: [() => testNode(answering(Echo.echo, Effect.succeed)), "echo-ok-1"],
    "unique-ids": [() => testNode(answering(Generate, () => Effect.succeed({ id: 1 }))), "uid-ok-1"],
    broadcast: [
      () =>
        testNode(
          answering(BroadcastProtocol.Broadcast.broadcast, () => Effect.succeed({})),
          answering(BroadcastProtocol.Read, () => Effect.succeed({ messages: [] }))
        ),
      "bc-ok-goA3d-1"
    ],
    "g-counter": [counter, "gc-double-1"],
    "pn-counter": [counter, "pn-ok-1"],
    kafka: [() => testNode(...testLogs().answers), "kafka-ok-goA5b-1"],
    "txn-rw-register": [() => testNode(answering(Txn.txn, ({ txn }) => Effect.succeed({ txn }))), "rw-ok-strict-1"]
  }

describe("Workloads", () => {
  it("are listed under their own names", () => {
    for (const [name, workload] of Object.entries(workloads)) {
      assert.strictEqual(workload.name, name)
    }
  })

  describe.each(Object.keys(cases) as ReadonlyArray<WorkloadName>)("%s", (name) => {
    const [node, recorded] = cases[name]
    const runOf = (seed: string) =>
      run({ workload: workloads[name], connection: node().connection, operations: 1000, seed })

    it.effect.runIf(recorded !== undefined)("records entries with the same keys as Maelstrom", () =>
      Effect.gen(function* () {
        const theirs = shape((yield* loadRun(recorded!)).history)
        const { history } = yield* runOf("0")
        assert.deepStrictEqual(shape(history), theirs)
      })
    )

    it.effect("gives the same history for the same seed", () =>
      Effect.gen(function* () {
        assert.deepStrictEqual(yield* runOf("0"), yield* runOf("0"))
        assert.notDeepEqual((yield* runOf("0")).history, (yield* runOf("1")).history)
      })
    )
  })
})
