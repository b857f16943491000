/**
 * G0, dirty write: two transactions overwrote each other's writes (Adya, "Weak Consistency", 1999).
 *
 * Elle sees a dirty write only where transactions read a key before they write it. What reads return, and when, tells
 * more, under one assumption:
 *
 * > A node has one copy of each key, which goes from one version to the next, and reads return what is in their node's
 * > copy. If there is only one node, a transaction's writes are in its copies when the client gets the reply.
 *
 * A version was in place, then, when a read of it ended (with one node, also when its writer was answered), and it was
 * not replaced yet when a read of it began, or its writer. So if one version of a key was in place before another one
 * was last known not to be replaced, it came first in this copy. If some keys of a node went from T1's write to T2's,
 * and others from T2's to T1's (or in a longer cycle), the writes of these transactions were interleaved: applied as a
 * whole, in any order, they would have gone the same way for all keys. With several nodes each is looked at by itself,
 * and nothing is taken from the times of writes, since replication may be asynchronous and the last writer may win.
 *
 * The assumption is put to the test. If any key at any node ever seems to go back to an earlier version, reads of this
 * system are stale or mixed and tell nothing, and nothing is concluded. Nor is it from less than 300 reads that could
 * have shown such a thing and did not: by the rule of three (if none of n trials had an event, its rate is with 95%
 * confidence below 3/n), after these less than 1% of the reads are stale. What remains is the small chance of a cycle
 * that comes from rare stale reads which never show up otherwise.
 */
import { stepCycles } from "./StepCycles.ts"
import { type CopyHistory, copyHistories, type Overwrite } from "./CopyHistory.ts"
import type { ClientBinding } from "../history/ClientBinding.ts"
import type { TransactionHistory } from "./Transaction.ts"
import { link, versionCycles, writesFollowReads } from "./VersionOrder.ts"

/** A cycle of transactions each of which had a write overwritten by the next. */
export type DirtyWrite = ReadonlyArray<Overwrite>

/**
 * The dirty writes that the reads at one node show: the shortest cycle of each set of transactions on cycles.
 *
 * Without a client binding every process counts as a client of a node of its own.
 */
export const dirtyWrites = (
  history: TransactionHistory,
  binding: ClientBinding | undefined
): ReadonlyArray<DirtyWrite> => {
  const copies = copyHistories(history, binding)
  return copies.some((copy) => goesBack(history, copy))
    ? []
    : copies.flatMap((copy) => (copy.witnesses < enoughWitnesses ? [] : cyclesOf(history, copy)))
}

// The rule of three, for a rate of 1%.
const enoughWitnesses = 3 / 0.01

const goesBack = (history: TransactionHistory, { overwrites, staleToInitial }: CopyHistory): boolean => {
  const graphs = new Map<number, Map<number, Set<number>>>()
  for (const [key, graph] of writesFollowReads(history)) {
    for (const [version, successors] of graph) {
      for (const successor of successors) {
        link(graphs, key, version, successor)
      }
    }
  }
  for (const { key, value, next } of overwrites) {
    link(graphs, key, value, next)
  }
  return staleToInitial || versionCycles(graphs).length > 0
}

const cyclesOf = ({ transactions }: TransactionHistory, { overwrites }: CopyHistory): ReadonlyArray<DirtyWrite> =>
  stepCycles(
    transactions.length,
    overwrites.map((overwrite) => ({ source: overwrite.from.index, target: overwrite.to.index, overwrite }))
  ).map((cycle) => cycle.map(({ overwrite }) => overwrite))
