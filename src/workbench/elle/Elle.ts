/**
 * Elle: infers isolation anomalies from what the clients of a transactional system saw.
 *
 * A port of Elle (Kingsbury, Alvaro, "Elle: Inferring Isolation Anomalies from Experimental Observations", 2020,
 * https://arxiv.org/abs/2003.10554) and of its checker for registers, `rw_register.clj`, as Maelstrom calls it. The
 * idea: what transactions read and wrote tells, in part, which of them depended on which; if they depended on each
 * other in a cycle, they were not isolated, and the kinds of dependencies in the cycle say which consistency models
 * are broken.
 *
 * History → transactions (`Transaction.ts`). A transaction is a list of reads and writes, committed, aborted or
 * unknown. Others can see of it only its external reads, the values that keys had before its own writes, and its
 * external writes, the last value it wrote to each key. Registers tell nothing of their past, but every value is
 * written to a key only once, so that a read names the write that it saw. Some anomalies show already here, in single
 * reads: `AbortedRead`, `IntermediateRead` (both by `DirtyRead`), `InternalConsistency`, `LostUpdate`.
 *
 * Transactions → version orders (`VersionOrder.ts`). For each key, version v came before version w if
 *
 * - v is null and w was read or written: every key begins as null;
 * - a committed transaction read v and wrote w: writes follow reads;
 * - a transaction that knew v came before one that knew w, in the order of one client (`ProcessOrder.ts`) if each key
 *   may be taken to be sequentially consistent, or in real time (`RealtimeOrder.ts`) if it may be taken to be
 *   linearizable. It knew v last, by its own write or else its read; the other knew w first, by its read or else its
 *   write. Maelstrom takes neither for granted.
 *
 * These are applied one after the other. One that would make the versions of a key a cycle is left out, and the cycle
 * is an anomaly, `cyclic-versions`. Versions of which nothing is known stay unordered: less is found, nothing wrongly.
 * Further accesses of a transaction to the key in between would order versions too (what it read first before what it
 * read, or wrote, later), but nothing is taken from them, as in Elle: internal consistency judges these.
 *
 * Version orders → dependency graph (`DependencyGraph.ts`, of the relations in `Relation.ts`). It has an edge from a
 * committed transaction T to U, which must be committed too unless the edge is one of real time,
 *
 * - wr, if U read what T wrote (which needs no version order);
 * - ww, if T wrote v, U wrote w, and v came before w by one of the rules above;
 * - rw, if T read v, U wrote w, and v came before w in the same way: an anti-dependency;
 * - process or realtime, if a model forbids anomalies of that kind and T came first in that order.
 *
 * Dependency graph → cycles (`Cycles.ts`). Every cycle lies in one strongly connected component
 * (`StrongComponents.ts`). In each, `CycleSearch.ts` looks for a short cycle of each shape (by `ClosingEdges.ts`, over
 * the graphs of `Digraph.ts`), and `CycleExistence.ts` proves that there are cycles which a model does not allow, even
 * where none is found that has a name.
 *
 * Cycles → anomalies (below, with their words in `Explanation.ts`). A cycle of ww only is a G0; with wr, but no rw, it
 * is a G1c; with one rw a G-single-item, with several of which no two meet a G-nonadjacent-item, and else a G2-item.
 * `Anomaly.ts` has all names.
 *
 * Anomalies → models ruled out (`ForbiddenAnomalies.ts`, `ConsistencyModel.ts`). Each model forbids some anomalies, and
 * all that weaker models forbid.
 *
 * All this looks at external reads and writes alone. For strict judges it is done once more with all of them
 * (`allAccesses` of `Transaction.ts`), which tell more of the order of versions: each write of a transaction comes
 * after what this had written, or read, there since the write before.
 *
 * Not of Elle either is what `Visibility.ts` looks for, with `SessionVisibility.ts` and `AtomicVisibility.ts`: models
 * of which Elle has the names alone.
 *
 * Nor are `ChangedTransaction.ts`, `ImpossibleRead.ts` and `DirtyWrite.ts` with `CopyHistory.ts`: bugs that
 * Elle lets through, which count only for strict judges.
 */
import { jepsenOperation } from "../checkers/JepsenOperation.ts"
import type { Anomaly } from "../checkers/Verdict.ts"
import { abortedReads } from "./AbortedRead.ts"
import type { AnomalyName } from "./Anomaly.ts"
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
  readonly anomaly: AnomalyName
  readonly size: number
  readonly record: unknown
  readonly explain: () => Anomaly
}

/**
 * Finds all anomalies in a history whose dependencies are as given, each in the form in which Maelstrom's results have
 * it and in plain words.
 */
export const anomaliesOf = (
  dependencies: Dependencies,
  cyclicVersions: ReadonlyArray<CyclicVersions>
): ReadonlyArray<AnomalyCase> => {
  const { history } = dependencies
  const { graph, isEmpty } = dependencyGraph(dependencies)
  const { cycles, existing } = cyclesOf(graph, dependencies)
  return [
    ...abortedReads(history).map((found): AnomalyCase => ({
      anomaly: "G1a",
      size: 2,
      record: dirtyRead(history, found),
      explain: () => explainAbortedRead(history, found)
    })),
    ...intermediateReads(history).map((found): AnomalyCase => ({
      anomaly: "G1b",
      size: 2,
      record: dirtyRead(history, found),
      explain: () => explainIntermediateRead(history, found)
    })),
    ...internalInconsistencies(history, { afterInitial: false }).map((found): AnomalyCase => ({
      anomaly: "internal",
      size: 1,
      record: {
        op: operation(found.transaction),
        mop: plain(history, found.read),
        expected: history.values.values[found.expected.value]
      },
      explain: () => explainInternal(history, found)
    })),
    ...lostUpdates(history).map((found): AnomalyCase => ({
      anomaly: "lost-update",
      size: found.transactions.length,
      record: {
        key: history.keys.values[found.key],
        value: history.values.values[found.value],
        txns: found.transactions.map(operation)
      },
      explain: () => explainLostUpdate(history, found)
    })),
    ...cyclicVersions.map((found): AnomalyCase => ({
      anomaly: "cyclic-versions",
      size: found.versions.length,
      record: {
        key: history.keys.values[found.key],
        scc: found.versions.map((version) => history.values.values[version]),
        sources: found.sources
      },
      explain: () => explainCyclicVersions(history, found)
    })),
    ...cycles.map((found): AnomalyCase => ({
      anomaly: found.anomaly,
      size: found.steps.length,
      record: {
        cycle: [...found.steps, ...found.steps.slice(0, 1)].map(({ from }) => operation(from)),
        steps: found.steps.map((step) => cycleStep(history, step)),
        type: found.anomaly
      },
      explain: () => explainCycle(history, found)
    })),
    ...existing.map((found): AnomalyCase => ({
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
