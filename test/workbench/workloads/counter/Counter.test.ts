import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { Add, Read } from "../../../../src/protocol/Counter.ts"
import { TemporarilyUnavailable } from "../../../../src/protocol/RpcError.ts"
import { check } from "../../../../src/workbench/workloads/Workloads.ts"
import { gCounter, pnCounter } from "../../../../src/workbench/workloads/counter/Counter.ts"
import type { AnyWorkload } from "../../../../src/workbench/workloads/Workload.ts"
import { loadRun } from "../../history/recordedRuns.ts"
import { answering, invokeAll, run, take, testNode } from "../testRun.ts"

const counterNode = () => {
  let sum = 0
  return testNode(
    answering(Add, ({ delta }) => Effect.sync(() => (sum += delta)).pipe(Effect.as({}))),
    answering(Read, () => Effect.sync(() => ({ value: sum })))
  )
}

const adds = (operations: ReadonlyArray<{ readonly f: string; readonly value: unknown }>) =>
  operations.filter(({ f }) => f === "add").map(({ value }) => value)

const ascending = (numbers: Iterable<unknown>) => [...new Set(numbers)].toSorted((a, b) => Number(a) - Number(b))

describe.each([
  { name: "g-counter", workload: gCounter, recorded: ["gc-double-1", "gc-err11-1", "gc-stalenode-1"] },
  { name: "pn-counter", workload: pnCounter, recorded: ["pn-ok-1", "pn-lose-1"] }
] as const satisfies ReadonlyArray<{ name: string; workload: AnyWorkload; recorded: ReadonlyArray<string> }>)(
  "$name",
  ({ name, recorded, workload }) => {
    it.effect("adds the same numbers as Maelstrom, and as often", () =>
      Effect.gen(function* () {
        const theirs = (yield* Effect.forEach(recorded, loadRun))
          .flatMap(({ history }) => history)
          .filter(({ final, process, type }) => type === "invoke" && process !== "nemesis" && final !== true)
        const ours = take(workload, 5000)
        assert.deepStrictEqual(ascending(adds(ours)), ascending(adds(theirs)))
        assert.closeTo(adds(ours).length / ours.length, adds(theirs).length / theirs.length, 0.05)
        assert.deepStrictEqual(new Set(ours.map(({ f }) => f)), new Set(theirs.map(({ f }) => f)))
      })
    )

    it.effect("ends with final reads of the sum", () =>
      Effect.gen(function* () {
        const { final, history } = yield* run({ workload, connection: counterNode().connection, operations: 300 })
        assert.strictEqual(final.filter(({ final: isFinal, type }) => isFinal === true && type === "ok").length, 4)
        assert.isTrue(check(name, history, { concurrency: 4, nodeCount: 1 }).validity)
      })
    )
  }
)

describe("Counter", () => {
  it.effect("leaves open whether an add took place that was answered with an error, definite or not", () =>
    Effect.gen(function* () {
      const node = testNode(answering(Add, () => Effect.fail(new TemporarilyUnavailable({ text: "busy" }))))
      const [completion] = yield* invokeAll(pnCounter, node.connection, [{ f: "add", value: -3 }])
      assert.strictEqual(completion?.type, "info")
      assert.isTrue(completion?.["exception"])
    })
  )
})
