import { assert, describe, it } from "@effect/vitest"
import type { AnomalyName } from "../../../src/workbench/elle/Anomaly.ts"
import type { ConsistencyModelName } from "../../../src/workbench/elle/ConsistencyModel.ts"
import type { History } from "../../../src/workbench/history/Operation.ts"
import { atomic, found, judged, models, session } from "./byModel.ts"
import { causalRuns, CausalSteps } from "./causalRuns.ts"
import { clientRuns, Steps } from "./clientRuns.ts"
import { concurrent, indices, registerHistory, serial } from "./registerHistory.ts"

const missingOwnWrite = registerHistory("0 runs w x 1", "0 runs r x _")
const goingBack = registerHistory("1 runs w x 1", "0 runs r x 1", "0 runs r x _")
const writesOutOfOrder = registerHistory("0 runs w x 1", "0 runs w y 1", "1 runs r y 1, r x _")
const effectBeforeCause = registerHistory("0 runs w x 1", "1 runs r x 1", "1 runs w y 1", "2 runs r y 1, r x _")
// Process 2 saw the later write of 0 in one transaction, and misses the earlier one in the next.
const pipelineBroken = registerHistory("0 runs w x 1", "0 runs w y 1", "2 runs r y 1", "2 runs r x _")
const chainBroken = registerHistory("0 runs w x 1", "1 runs r x 1, w y 1", "2 runs r y 1", "2 runs r x _")
const halfSeen = concurrent("w x 1, w y 1", "r x 1, r y _")
const halfSeenBefore = concurrent("w x 1, w y 1", "r y _, r x 1")
const halfSeenThrough = serial("w x 1, w y 1", "r x 1, w z 1", "r y _, r z 1")

describe("visibility", () => {
  it.each<{
    readonly anomaly: AnomalyName
    readonly history: History
    readonly forbidding: ReadonlyArray<ConsistencyModelName>
  }>([
    { anomaly: "missing-your-writes", history: missingOwnWrite, forbidding: ["read-your-writes", "PRAM", "causal"] },
    { anomaly: "non-monotonic-reads", history: goingBack, forbidding: ["monotonic-reads", "PRAM", "causal"] },
    { anomaly: "non-monotonic-writes", history: writesOutOfOrder, forbidding: ["monotonic-writes", "PRAM", "causal"] },
    {
      anomaly: "missing-read-write-dependency",
      history: effectBeforeCause,
      forbidding: ["writes-follow-reads", "causal"]
    },
    { anomaly: "PRAM-violation", history: pipelineBroken, forbidding: ["PRAM", "causal"] },
    { anomaly: "causal-violation", history: chainBroken, forbidding: ["causal"] },
    {
      anomaly: "observed-transaction-vanishes",
      history: halfSeen,
      forbidding: [
        "monotonic-atomic-view",
        "read-atomic",
        "update-atomic",
        "causal-cerone",
        "parallel-snapshot-isolation"
      ]
    },
    {
      anomaly: "fractured-read",
      history: halfSeenBefore,
      forbidding: ["read-atomic", "update-atomic", "causal-cerone", "parallel-snapshot-isolation"]
    },
    {
      anomaly: "causal-cerone-violation",
      history: halfSeenThrough,
      forbidding: ["causal-cerone", "parallel-snapshot-isolation"]
    }
  ])("has $anomaly", ({ anomaly, forbidding, history }) => {
    const models = [...session, "PRAM", "causal", ...atomic, "update-atomic", "parallel-snapshot-isolation"] as const
    for (const model of models) {
      const expected = forbidding.includes(model) ? [anomaly] : []
      assert.deepStrictEqual(found(model, history), expected, model)
      assert.deepStrictEqual(judged(model, history).warnings, [], model)
    }
  })

  it("is not judged where Maelstrom judges by cycles, but told", () => {
    const { validity, warnings } = judged("strict-serializable", serial("w x 1, w z 1", "w x 2", "r z 1, r x 1"))
    assert.isTrue(validity)
    assert.include(
      warnings.map(({ name }) => name),
      "cyclic-versions"
    )
  })

  it("orders versions by who saw which, the same for all clients", () => {
    const history = registerHistory(
      "0 begins w x 1",
      "1 begins w x 2",
      "0 commits w x 1",
      "1 commits w x 2",
      "2 runs r x 1",
      "2 runs r x 2",
      "3 runs r x 2",
      "3 runs r x 1"
    )
    for (const model of ["monotonic-reads", "causal"] as const) {
      const [anomaly] = judged(model, history).anomalies
      assert.strictEqual(anomaly!.name, "non-monotonic-reads")
      assert.deepStrictEqual(indices(anomaly!.operations), [2, 3, 5, 7, 9, 11])
      assert.strictEqual(
        anomaly!.message,
        "T1 (entry 2), T2 (entry 3), T3 (entry 5), T4 (entry 7), T5 (entry 9), T6 (entry 11): " +
          "T4 read key x = 2 where T1's 1 of key x was to be seen, through T3; " +
          "T6 read key x = 1 where T2's 2 of key x was to be seen, through T5."
      )
    }
    assert.isTrue(judged("writes-follow-reads", history).validity)
  })

  it("does not take transactions to be seen as a whole in causal order", () => {
    assert.isTrue(judged("causal", halfSeen).validity)
    assert.isTrue(judged("causal", halfSeenBefore).validity)
  })

  it("has no transactions among their own causes", () => {
    const history = concurrent("r y 1, w x 1", "r x 1, w y 1")
    const [anomaly] = judged("causal", history).anomalies
    assert.strictEqual(anomaly!.name, "missing-read-write-dependency")
    assert.strictEqual(anomaly!.message, "T1 (entry 2), T2 (entry 3): each of T1, T2 read what came of it.")
    assert.isTrue(judged("causal", concurrent("w x 1, r y 1", "w y 1, r x 1")).validity)
  })

  it("takes what a crashed transaction wrote for seen only if it was", () => {
    const crashed = ["0 begins w x 1, w y 1", "0 crashes w x 1, w y 1"]
    assert.isTrue(
      judged("read-atomic", registerHistory(...crashed, "1 runs r y _, r x _", "1 runs w x 2, r x 2")).validity
    )
    assert.deepStrictEqual(found("read-atomic", registerHistory(...crashed, "1 runs r y _, r x 1")), ["fractured-read"])
  })

  it.prop("of one serial store breaks no model", [Steps], ([steps]) => {
    for (const model of models) {
      assert.deepStrictEqual(found(model, clientRuns(steps)), [], model)
    }
  })

  it.prop("of replicas in causal order breaks no model", [CausalSteps], ([steps]) => {
    const history = causalRuns(steps)
    for (const model of models) {
      assert.deepStrictEqual(found(model, history), [], model)
      assert.isEmpty(judged(model, history).warnings)
    }
  })

  it.prop("of replicas in causal order, write by write, breaks no guarantee of sessions", [CausalSteps], ([steps]) => {
    for (const model of [...session, "PRAM", "causal"] as const) {
      assert.deepStrictEqual(found(model, causalRuns(steps, { whole: false })), [], model)
    }
  })

  it.prop("of replicas without an order breaks no guarantee that needs none", [CausalSteps], ([steps]) => {
    for (const model of ["read-your-writes", "monotonic-reads", ...atomic.slice(0, 2)] as const) {
      assert.deepStrictEqual(found(model, causalRuns(steps, { ordered: false })), [], model)
    }
  })
})
