/**
 * All anomalies of a history, each in the form in which Maelstrom's results have it and in plain words.
 */
import { jepsenOperation } from "../checkers/JepsenOperation.ts"
import type { Anomaly } from "../checkers/Verdict.ts"
import { abortedReads } from "./AbortedRead.ts"
import { cyclesOf, exampleOf } from "./Cycles.ts"
import { type Dependencies, dependencyGraph, type Dependency } from "./DependencyGraph.ts"
import type { DirtyRead } from "./DirtyRead.ts"
import {
  entries,
  explainAbortedRead,
  explainCycle,
  explainCyclicVersions,
  explainExistingCycle,
  explainIntermediateRead,
  explainInternal,
  explainLostUpdate
} from "./Explanation.ts"
import { intermediateReads } from "./IntermediateRead.ts"
import { internalInconsistencies } from "./InternalConsistency.ts"
import { lostUpdates } from "./LostUpdate.ts"
import { entryOf, plain, type Transaction, type TransactionHistory } from "./Transaction.ts"
import type { CyclicVersions } from "./VersionOrder.ts"

/**
 * One case of an anomaly.
 *
 * - `anomaly`: its name.
 * - `size`: how many transactions take part.
 * - `record`: the case under Maelstrom's keys.
 * - `explain`: the case in plain words.
 */
export interface AnomalyCase {
  readonly anomaly: string
  readonly size: number
  readonly record: unknown
  readonly explain: () => Anomaly
}

/** Finds all anomalies in a history whose dependencies are as given. */
export const anomaliesOf = (
  dependencies: Dependencies,
  cyclicVersions: ReadonlyArray<CyclicVersions>
): ReadonlyArray<AnomalyCase> => {
  const { history } = dependencies
  const { graph, isEmpty } = dependencyGraph(dependencies)
  const { cycles, existing } = cyclesOf(graph, dependencies)
  return [
    ...abortedReads(history).map((found) => ({
      anomaly: "G1a",
      size: 2,
      record: dirtyRead(history, found),
      explain: () => explainAbortedRead(history, found)
    })),
    ...intermediateReads(history).map((found) => ({
      anomaly: "G1b",
      size: 2,
      record: dirtyRead(history, found),
      explain: () => explainIntermediateRead(history, found)
    })),
    ...internalInconsistencies(history, { afterInitial: false }).map((found) => ({
      anomaly: "internal",
      size: 1,
      record: {
        op: operation(found.transaction),
        mop: plain(history, found.read),
        expected: history.values.values[found.expected.value]
      },
      explain: () => explainInternal(history, found)
    })),
    ...lostUpdates(history).map((found) => ({
      anomaly: "lost-update",
      size: found.transactions.length,
      record: {
        key: history.keys.values[found.key],
        value: history.values.values[found.value],
        txns: found.transactions.map(operation)
      },
      explain: () => explainLostUpdate(history, found)
    })),
    ...cyclicVersions.map((found) => ({
      anomaly: "cyclic-versions",
      size: found.versions.length,
      record: {
        key: history.keys.values[found.key],
        scc: found.versions.map((version) => history.values.values[version]),
        sources: found.sources
      },
      explain: () => explainCyclicVersions(history, found)
    })),
    ...cycles.map((found) => ({
      anomaly: found.anomaly,
      size: found.steps.length,
      record: {
        cycle: [...found.steps, ...found.steps.slice(0, 1)].map(({ from }) => operation(from)),
        steps: found.steps.map((step) => cycleStep(history, step)),
        type: found.anomaly
      },
      explain: () => explainCycle(history, found)
    })),
    ...existing.map((found) => ({
      anomaly: found.anomaly,
      size: found.vertices.length,
      record: {
        type: found.anomaly,
        not: found.model,
        "scc-size": found.vertices.length,
        scc: entries(found.vertices.map((vertex) => history.transactions[vertex]!)).map(({ index }) => index)
      },
      explain: () => {
        const example = exampleOf(graph, found, dependencies)
        return example === undefined ? explainExistingCycle(history, found) : explainCycle(history, example)
      }
    })),
    ...(isEmpty ? [emptyGraph] : [])
  ]
}

// Elle takes a history in which nothing depends on anything for a mistake in the test, and Maelstrom for invalid.
const emptyGraph: AnomalyCase = {
  anomaly: "empty-transaction-graph",
  size: 0,
  record: true,
  explain: () => ({
    name: "empty-transaction-graph",
    message: "No transaction depends on any other, so that the history shows nothing.",
    operations: []
  })
}

const operation = (transaction: Transaction) => jepsenOperation(entryOf(transaction))

const dirtyRead = (history: TransactionHistory, { reader, read, writer }: DirtyRead) => ({
  op: operation(reader),
  mop: plain(history, read),
  writer: operation(writer)
})

const cycleStep = (history: TransactionHistory, { relation, from, to, key, value, next }: Dependency) => {
  if (key === undefined || value === undefined) {
    return relation === "realtime"
      ? { type: relation, "a'": operation(from), b: jepsenOperation(to.invocation) }
      : { type: relation, process: entryOf(from).process }
  }
  return {
    type: relation,
    key: history.keys.values[key],
    value: history.values.values[value],
    ...(next === undefined ? {} : { "value'": history.values.values[next] })
  }
}
