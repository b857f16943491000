import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import type { AnomalyName } from "../../../../src/workbench/elle/Anomaly.ts"
import type { ConsistencyModelName } from "../../../../src/workbench/elle/ConsistencyModel.ts"
import type { History } from "../../../../src/workbench/history/Operation.ts"
import { check, type TxnRwRegisterOptions } from "../../../../src/workbench/workloads/txn-rw-register/Checker.ts"
import { tinyHistory } from "../../history/tinyHistory.ts"
import { clientRuns, Steps } from "../../elle/clientRuns.ts"
import { concurrent, indices, registerHistory, serial } from "../../elle/registerHistory.ts"

const under = (model: ConsistencyModelName, history: History, options: Partial<TxnRwRegisterOptions> = {}) =>
  check(history, { consistencyModels: [model], ...options })

const anomalies = (model: ConsistencyModelName, history: History, options: Partial<TxnRwRegisterOptions> = {}) =>
  under(model, history, options).results.anomalyTypes ?? []

const warnings = (model: ConsistencyModelName, history: History, options: Partial<TxnRwRegisterOptions> = {}) =>
  under(model, history, options).warnings.map(({ name, operations }) => [name, indices(operations)])

// Both read nothing of what the other one wrote.
const writeSkew = concurrent("r x _, w y 1", "r y _, w x 1")
const lostUpdate = serial("w x 1", "r x 1, w x 2", "r x 1, w x 3")
const circularInformation = concurrent("w x 1, r y 1", "w y 1, r x 1")
const readSkew = concurrent("w x 1, w y 1", "r x 1, r y _")
const longFork = concurrent("w x 1", "w y 1", "r x 1, r y _", "r x _, r y 1")
const abortedRead = registerHistory("0 begins w x 1", "1 runs r x 1", "0 aborts w x 1")
const intermediateRead = concurrent("w x 1, w x 2", "r x 1", "r x 2")
const nonRepeatableRead = serial("w x 1", "r x 1, r x 2", "w x 2")
const staleRead = serial("w x 1", "r x _")
const staleSession = registerHistory("0 runs w x 1", "0 runs r x _")

describe("TxnRwRegister", () => {
  describe("names the anomaly, and the models that forbid it", () => {
    it.each<{
      readonly anomaly: AnomalyName
      readonly history: History
      readonly also?: ReadonlyArray<AnomalyName>
      readonly forbidding: ReadonlyArray<ConsistencyModelName>
      readonly allowing: ReadonlyArray<ConsistencyModelName>
    }>([
      {
        anomaly: "G1a",
        history: abortedRead,
        // A failed transaction is not in the dependency graph, which is thus empty here.
        also: ["empty-transaction-graph"],
        forbidding: ["read-committed", "read-atomic", "causal-cerone", "snapshot-isolation"],
        allowing: []
      },
      {
        anomaly: "G1b",
        history: intermediateRead,
        forbidding: ["read-committed", "repeatable-read", "serializable"],
        allowing: ["read-uncommitted"]
      },
      {
        anomaly: "G1c",
        history: circularInformation,
        forbidding: ["read-committed", "monotonic-atomic-view", "repeatable-read", "strict-serializable"],
        allowing: ["read-uncommitted", "causal"]
      },
      {
        anomaly: "internal",
        history: nonRepeatableRead,
        forbidding: ["read-atomic", "causal-cerone", "snapshot-isolation", "serializable"],
        allowing: ["read-uncommitted", "read-committed", "monotonic-atomic-view", "repeatable-read"]
      },
      {
        anomaly: "lost-update",
        history: lostUpdate,
        also: ["G2-item"],
        forbidding: ["repeatable-read"],
        allowing: ["read-committed", "monotonic-atomic-view", "read-atomic", "causal"]
      },
      {
        anomaly: "G-single-item",
        history: readSkew,
        forbidding: ["consistent-view", "snapshot-isolation", "repeatable-read", "serializable"],
        allowing: ["read-committed", "read-atomic", "causal-cerone"]
      },
      {
        anomaly: "G-nonadjacent-item",
        history: longFork,
        forbidding: ["snapshot-isolation", "repeatable-read", "serializable"],
        allowing: ["read-committed", "consistent-view", "parallel-snapshot-isolation"]
      },
      {
        anomaly: "G2-item",
        history: writeSkew,
        forbidding: ["repeatable-read", "serializable", "conflict-serializable", "strict-serializable"],
        allowing: ["snapshot-isolation", "read-committed", "update-atomic"]
      },
      {
        anomaly: "G-single-item-process",
        history: staleSession,
        forbidding: ["strong-session-serializable", "strong-session-snapshot-isolation"],
        allowing: ["serializable", "strong-session-read-committed"]
      },
      {
        anomaly: "G-single-item-realtime",
        history: staleRead,
        forbidding: ["strict-serializable", "strong-serializable", "strong-snapshot-isolation"],
        allowing: ["strong-session-serializable", "serializable", "snapshot-isolation"]
      }
    ])("$anomaly", ({ anomaly, history, also = [], forbidding, allowing }) => {
      for (const model of forbidding) {
        const { anomalies, results, validity } = under(model, history)
        assert.isFalse(validity, model)
        assert.deepStrictEqual(results.anomalyTypes, [anomaly, ...also].toSorted(), model)
        assert.deepStrictEqual(
          anomalies.map(({ name }) => name),
          [anomaly, ...also].toSorted(),
          model
        )
      }
      for (const model of allowing) {
        // One client's order or none at all may leave nothing to judge.
        assert.notInclude(anomalies(model, history), anomaly, model)
      }
    })
  })

  it("finds a cycle over real time with more than one anti-dependency", () => {
    const reads = ["0 begins w x 1", "1 runs r x 1, r y _", "2 runs w y 1", "3 runs r x _", "0 commits w x 1"]
    assert.deepStrictEqual(anomalies("strict-serializable", registerHistory(...reads)), ["G-nonadjacent-item-realtime"])
    assert.isTrue(under("serializable", registerHistory(...reads)).validity)

    const skew = ["0 begins r y _, w x 1", "1 runs w y 1", "2 runs r x _", "0 commits r y _, w x 1"]
    assert.deepStrictEqual(anomalies("strict-serializable", registerHistory(...skew)), ["G2-item-realtime"])
    assert.isTrue(under("serializable", registerHistory(...skew)).validity)
  })

  it("finds a read from before its write began over real time", () => {
    const future = serial("r x 1", "w x 1")
    assert.deepStrictEqual(anomalies("strict-serializable", future), ["G1c-realtime"])
    assert.isTrue(under("serializable", future).validity)
  })

  it("explains a cycle step by step with all that proves it", () => {
    const [example] = under("serializable", readSkew).anomalies
    assert.strictEqual(
      example?.message,
      "T1 (entry 2), T2 (entry 3): T1 wrote key x = 1, which T2 read; T2 read key y = null before T1 replaced it by 1; " +
        "so each of them would have to come before itself."
    )
    assert.deepStrictEqual(indices(example?.operations ?? []), [2, 3])

    const [stale] = under("strict-serializable", staleRead).anomalies
    assert.include(stale?.message, "T1 had ended before T2 began; T2 read key x = null before T1 replaced it by 1")
    assert.deepStrictEqual(indices(stale?.operations ?? []), [1, 2, 3])
  })

  it("shows the shortest of several cycles", () => {
    const history = concurrent(
      "r a _, w b 1",
      "r b _, w c 1",
      "r c _, w a 1",
      "r x _, w y 1",
      "r y _, w x 1",
      "r a 1, r b 1, r c 1, r x 1, r y 1"
    )
    const { anomalies, results } = under("serializable", history)
    assert.lengthOf((results.anomalies as { readonly "G2-item": ReadonlyArray<unknown> })["G2-item"], 2)
    assert.deepStrictEqual(
      anomalies.map(({ operations }) => indices(operations)),
      [[9, 10]]
    )
  })

  it("says which models the anomalies rule out", () => {
    const { results } = under("serializable", writeSkew)
    assert.deepStrictEqual(results.not, ["repeatable-read"])
    assert.deepStrictEqual(results.alsoNot, ["serializable", "strong-serializable", "strong-session-serializable"])
  })

  it("gives each anomaly in Maelstrom's form", () => {
    const { results } = under("read-committed", abortedRead)
    const [writer, reader] = [abortedRead[3], abortedRead[2]]
    assert.deepStrictEqual((results.anomalies as { readonly G1a: unknown }).G1a, [
      { op: reader, mop: ["r", "x", 1], writer }
    ])
  })

  it("takes a write after a read for the next version, unless told otherwise", () => {
    const history = concurrent("r y 1, w x 1, w y 2", "r x 1, r y 1")
    assert.deepStrictEqual(anomalies("serializable", history), ["G-single-item"])
    assert.isTrue(under("serializable", history, { writesFollowReads: false }).validity)
  })

  it("names a cycle of writes by the reads among them, and says that there is one where these are allowed", () => {
    const history = concurrent("w x 1, r y 1, w y 2", "w y 1, r x 1, w x 2")
    assert.deepStrictEqual(anomalies("read-committed", history), ["G1c", "PL-1-cycle-exists"])
    assert.deepStrictEqual(anomalies("read-uncommitted", history), ["PL-1-cycle-exists"])
    const [example] = under("read-uncommitted", history).anomalies
    assert.include(example?.message, "T1 wrote key x = 1 before T2 replaced it by 2")
    assert.include(example?.message, "T2 wrote key y = 1 before T1 replaced it by 2")
    assert.deepStrictEqual(indices(example?.operations ?? []), [2, 3])
  })

  describe("with keys taken for sequentially consistent or linearizable", () => {
    const crossed = registerHistory(
      "0 begins w x 1, w y 2",
      "1 begins w x 2, w y 1",
      "0 commits w x 1, w y 2",
      "1 commits w x 2, w y 1",
      "0 runs r x 2",
      "1 runs r y 2"
    )

    it("finds a cycle of writes", () => {
      assert.isTrue(under("read-uncommitted", crossed).validity)
      assert.deepStrictEqual(anomalies("read-uncommitted", crossed, { sequentialKeys: true }), ["G0"])
      assert.deepStrictEqual(anomalies("read-uncommitted", crossed, { linearizableKeys: true }), ["G0"])
    })

    it("tells versions that would have to come before each other", () => {
      const history = registerHistory("0 runs w x 1", "0 runs w x 2", "0 runs r x 1")
      const { anomalies, results } = under("serializable", history, { sequentialKeys: true })
      assert.deepStrictEqual(results.anomalies, {
        "cyclic-versions": [{ key: "x", scc: [1, 2], sources: ["initial-state", "wfr-keys", "sequential-keys"] }]
      })
      assert.deepStrictEqual(indices(anomalies[0]?.operations ?? []), [1, 3, 5])
      assert.isTrue(under("serializable", history).validity)
    })
  })

  it("looks for single anomalies if asked to", () => {
    assert.isTrue(check(writeSkew, { consistencyModels: [] }).validity)
    assert.isTrue(check(writeSkew, { consistencyModels: [], anomalies: ["G1"] }).validity)
    assert.isFalse(check(writeSkew, { consistencyModels: [], anomalies: ["G2"] }).validity)
  })

  it("counts a crashed transaction's writes as possible, but its reads as nothing", () => {
    const history = registerHistory(
      "0 begins r x _, w y 1",
      "0 crashes r x _, w y 1",
      "1 runs w x 1",
      "2 runs r x 1, r y 1",
      "3 begins w x 2"
    )
    assert.isTrue(under("strict-serializable", history).validity)
  })

  it("does not let a history pass in which nothing depends on anything", () => {
    assert.deepStrictEqual(anomalies("serializable", serial("w x 1", "w y 1")), ["empty-transaction-graph"])
    assert.isTrue(under("serializable", serial("r x _, w x 1")).validity)
  })

  it("does not let a value pass that two transactions claim to have written and somebody read", () => {
    const { anomalies, results, validity } = under("read-committed", serial("w x 1", "w x 1", "r x 1"))
    assert.deepStrictEqual([validity, results.validity], ["unknown", "unknown"])
    assert.deepStrictEqual(indices(anomalies[0]?.operations ?? []), [1, 3])
  })

  describe("finds beyond Maelstrom", () => {
    it("a write that came back with another value", () => {
      const history = tinyHistory([0, "invoke", "txn", [["w", "x", 1]]], [0, "ok", "txn", [["w", "x", 5]]])
      assert.deepStrictEqual(warnings("read-committed", history), [["changed-write", [0, 1]]])
    })

    it("a transaction that came back with other micro-operations", () => {
      const asked = [
        ["r", "x", null],
        ["w", "y", 1]
      ]
      for (const answered of [[], asked.toReversed(), [...asked, ["r", "x", null]], "ok", [["r", "x", null], null]]) {
        const history = tinyHistory([0, "invoke", "txn", asked], [0, "ok", "txn", answered])
        assert.deepStrictEqual(warnings("read-committed", history), [["changed-transaction", [0, 1]]])
      }
    })

    it("a value that nobody wrote, once", () => {
      const history = serial("w x 1", "r x 7", "r x 7", "r x 1")
      assert.deepStrictEqual(warnings("read-committed", history), [["garbage-read", [3]]])
    })

    it("a value that was read before it was written", () => {
      assert.deepStrictEqual(warnings("read-committed", serial("r x 1", "w x 1")), [["future-read", [1, 2]]])
      assert.deepStrictEqual(warnings("read-committed", serial("r x 1, w x 1")), [["future-read", [0, 1]]])
      assert.deepStrictEqual(warnings("read-committed", concurrent("r x 1", "w x 1")), [])
    })

    it("a key that was null and then not within a transaction, if the model forbids it", () => {
      const history = concurrent("w x 1", "r x _, r x 1")
      assert.deepStrictEqual(warnings("snapshot-isolation", history), [["internal", [3]]])
      assert.deepStrictEqual(warnings("read-committed", history), [])
    })

    describe("with all that can be inferred", () => {
      it("writes that were interleaved, from the versions which transactions saw in between", () => {
        const history = registerHistory(
          "0 begins w x 1, r x _, w x 3",
          "1 begins r x _, w x 2, r x _, w x 4",
          "0 commits w x 1, r x 2, w x 3",
          "1 commits r x 1, w x 2, r x 3, w x 4"
        )
        assert.deepStrictEqual(anomalies("read-uncommitted", history), [])
        assert.deepStrictEqual(warnings("read-uncommitted", history), [["G0", [2, 3]]])
        assert.strictEqual(
          under("read-uncommitted", history).warnings[0]?.message,
          "T1 (entry 2), T2 (entry 3): T1 wrote key x = 1 before T2 replaced it by 2; T2 wrote key x = 2 before " +
            "T1 replaced it by 3; so each of them would have to come before itself."
        )
      })

      it("writes that were not interleaved, though others saw them in between", () => {
        const history = concurrent("w x 1, w x 2", "r x 1, r x 2, w x 3", "r x 3, r x 1")
        assert.deepStrictEqual(warnings("read-uncommitted", history), [])
      })

      it("information that flows in a circle, through reads after a transaction's own writes", () => {
        const history = concurrent("w x 1, r x 2, w x 3", "w x 2, r x 3", "r x 3")
        assert.deepStrictEqual(anomalies("read-committed", history), [])
        assert.deepStrictEqual(warnings("read-committed", history), [["G1c", [3, 4]]])
      })

      it("a stale read, where the model takes each key for linearizable, or sequentially consistent", () => {
        const stale = serial("w x 1", "w x 2", "r x 1")
        assert.deepStrictEqual(anomalies("strict-serializable", stale), [])
        assert.deepStrictEqual(warnings("strict-serializable", stale), [["cyclic-versions", [1, 3, 5]]])
        assert.deepStrictEqual(warnings("strong-session-serializable", stale), [])
        const session = registerHistory("0 runs w x 1", "0 runs w x 2", "0 runs r x 1")
        assert.deepStrictEqual(warnings("strong-session-serializable", session), [["cyclic-versions", [1, 3, 5]]])
        assert.deepStrictEqual(warnings("serializable", session), [])
      })
    })

    describe("dirty writes", () => {
      const oneNode = { concurrency: 4, nodeCount: 1 }
      // Enough reads that would show it if reads were stale.
      const regularReads = Array.from({ length: 200 }, (_, turn) => [
        `0 runs w z ${turn + 1}`,
        `1 runs r z ${turn + 1}`,
        `2 runs r z ${turn + 1}`
      ]).flat()
      const crossed = [
        "0 begins w x 1, w y 1",
        "1 begins w x 2, w y 2",
        "0 commits w x 1, w y 1",
        "1 commits w x 2, w y 2",
        "2 runs r x 1",
        "3 runs r y 2"
      ]

      it("of which one stayed for one key and the other for another key", () => {
        const history = registerHistory(...regularReads, ...crossed)
        const [anomaly, ...others] = under("read-uncommitted", history, oneNode).warnings
        assert.deepStrictEqual([anomaly?.name, others], ["G0", []])
        assert.strictEqual(
          anomaly?.message,
          "T1 (entry 1202), T2 (entry 1203): key y went from T1's 1, in place at entry 1202, to T2's 2, current at entry 1206; " +
            "key x went from T2's 2, in place at entry 1203, to T1's 1, current at entry 1204; so their writes were interleaved."
        )
        assert.deepStrictEqual(indices(anomaly?.operations ?? []), [1202, 1203, 1204, 1206])
      })

      it("not from reads that agree on the order of the writers", () => {
        const agreeing = [...crossed.slice(0, 4), "2 runs r x 2", "3 runs r y 2"]
        assert.deepStrictEqual(warnings("read-uncommitted", registerHistory(...regularReads, ...agreeing), oneNode), [])
      })

      it("not if reads went back to an earlier version anywhere", () => {
        const stale = registerHistory(...regularReads, "1 runs r z 199", ...crossed)
        assert.deepStrictEqual(warnings("read-uncommitted", stale, oneNode), [])
        const empty = registerHistory(...regularReads, "1 runs r z _", ...crossed)
        assert.deepStrictEqual(warnings("read-uncommitted", empty, oneNode), [])
      })

      it("not from a few reads", () => {
        assert.deepStrictEqual(warnings("read-uncommitted", registerHistory(...crossed), oneNode), [])
      })

      it("not from the times of writes or reads at several nodes", () => {
        const history = registerHistory(...regularReads, ...crossed)
        assert.deepStrictEqual(warnings("read-uncommitted", history, { concurrency: 4, nodeCount: 2 }), [])
        assert.deepStrictEqual(warnings("read-uncommitted", history), [])
      })

      it("at one of several nodes, from reads of all versions there", () => {
        const seen = registerHistory(
          ...regularReads.map((line) => (line.startsWith("1") ? line.replace("1", "2") : line)),
          ...crossed.slice(0, 4),
          "2 runs r x 2, r y 1",
          "0 runs r x 1, r y 2"
        )
        const twoNodes = { concurrency: 4, nodeCount: 2 }
        assert.deepStrictEqual(
          under("read-uncommitted", seen, twoNodes).warnings.map(({ name }) => name),
          ["G0"]
        )
      })
    })
  })

  it.prop("accepts whatever one serial store does, under every model", [Steps], ([steps]) => {
    const { anomalies, validity, warnings } = under("strict-serializable", clientRuns(steps))
    assert.deepStrictEqual([validity, anomalies, warnings], [true, [], []])
  })

  it.prop("notices if one read of a serial store is stale", [Steps], ([steps]) => {
    const runs = clientRuns(steps)
    const stale = registerHistory("8 runs w a 1000", "8 runs r a _")
    const history = runs.concat(stale.map((entry) => Object.assign({}, entry, { index: runs.length + entry.index })))
    assert.isFalse(under("strict-serializable", history).validity)
  })

  it.prop("judges no stronger model milder", [Steps, Schema.Boolean], ([steps, delayed]) => {
    const history = clientRuns(steps, { delayed })
    const models = [
      "strict-serializable",
      "serializable",
      "snapshot-isolation",
      "read-committed",
      "read-uncommitted"
    ] as const
    const verdicts = models.map((model) => under(model, history).validity)
    assert.deepStrictEqual(
      verdicts,
      verdicts.toSorted((left, right) => Number(left) - Number(right))
    )
  })
})
