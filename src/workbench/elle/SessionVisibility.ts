/**
 * Session guarantees: what a client must see, and in which order, because of what it has seen and written before (Terry
 * et al., "Session Guarantees for Weakly Consistent Replicated Data", 1994).
 *
 * All of them say that one write was visible where another one was read or made, so that a read there has to return it,
 * or a later one. Visibility is followed from read and write to read and write of single keys: that a client sees one
 * write of a transaction does not mean that it sees the others, whose order is open; that is left to
 * `AtomicVisibility.ts`. Here
 *
 * - with `monotonicReads`, a client goes on to see what it has read,
 * - with `readYourWrites`, what it has written;
 * - with `monotonicWrites`, who sees a write sees what its client wrote in earlier transactions,
 * - with `writesFollowReads`, what its client had read before;
 * - and but for `readYourWrites` alone, a transaction goes on to see what it has read.
 *
 * All four together are causal consistency, the first three PRAM. As in Bailis et al., "Highly Available Transactions"
 * (2013), the versions of a key have one order, the same for all clients. Each read, and each write, that had another
 * version of its key behind it says that this one came first; what cannot be are versions before null, versions of a
 * key that each came before the others, and, in causal order, reads that are among their own causes.
 */
import { getOrInsert } from "../collections/MultiMap.ts"
import { stepCycles } from "./StepCycles.ts"
import { closingEdges, type Edge } from "./ClosingEdges.ts"
import { shortestPath } from "./CycleSearch.ts"
import { type Digraph, digraph, EdgeList } from "./Digraph.ts"
import { cyclicComponents } from "./StrongComponents.ts"
import type { MicroOperation, Transaction, TransactionHistory } from "./Transaction.ts"

/** Which guarantees are to hold. */
export interface SessionGuarantees {
  readonly readYourWrites: boolean
  readonly monotonicReads: boolean
  readonly monotonicWrites: boolean
  readonly writesFollowReads: boolean
}

/**
 * A read or write of `after` where the write of `before` was visible, through what the transactions `through` read and
 * wrote: the first is the writer of `before`, the last the one that read or wrote `after`.
 */
export interface Succession {
  readonly key: number
  readonly before: number
  readonly after: number
  readonly kind: "r" | "w"
  readonly through: ReadonlyArray<Transaction>
}

/** What cannot be: `successions` in a cycle, or one to null; none if transactions are among their own causes. */
export interface BrokenSession {
  readonly successions: ReadonlyArray<Succession>
  readonly transactions: ReadonlyArray<Transaction>
}

/** The reads and writes that break the guarantees. */
export const brokenSessions = (
  history: TransactionHistory,
  guarantees: SessionGuarantees
): ReadonlyArray<BrokenSession> => {
  const accesses = accessesOf(history)
  const { graph, owners } = visibilityGraph(history, accesses, guarantees)
  const successions = closingEdges(graph, candidates(accesses))
  const succession = ({ after, before, source, target }: Candidate): Succession => {
    const path = shortestPath(graph, target, source).flatMap((vertex) => owners.get(vertex) ?? [])
    const { kind, key } = after.operation
    return { key, kind, before: before.operation.value, after: after.operation.value, through: [...new Set(path)] }
  }
  const broken = (cycle: ReadonlyArray<Candidate>): BrokenSession => {
    const explained = cycle.map(succession)
    return { successions: explained, transactions: explained.flatMap(({ through }) => through) }
  }
  const toNull = new Map(
    successions
      .filter(({ after }) => after.operation.value === history.initial)
      .map((candidate) => [candidate.after.operation.key, candidate])
  )
  return [
    ...[...toNull.values()].map((candidate) => broken([candidate])),
    ...cyclesOfVersions(successions).map(broken),
    ...(guarantees.writesFollowReads ? cyclicComponents(graph) : []).map((vertices) => ({
      successions: [],
      transactions: [...new Set(vertices.flatMap((vertex) => owners.get(vertex) ?? []))]
    }))
  ]
}

/** A read or write, as a vertex of the graph. */
interface Access {
  readonly vertex: number
  readonly transaction: Transaction
  readonly operation: MicroOperation
}

/** That the write `before` (the target) may be visible to `after` (the source). */
interface Candidate extends Edge {
  readonly before: Access
  readonly after: Access
}

// Of what never ended only the writes are known, and failed transactions are none. A read of an own write tells
// nothing.
const accessesOf = ({ transactions }: TransactionHistory): ReadonlyArray<Access> => {
  const accesses: Array<Access> = []
  for (const transaction of transactions) {
    const own = new Set<number>()
    for (const operation of transaction.status === "fail" ? [] : transaction.microOperations) {
      if (operation.kind === "w") {
        own.add(operation.key)
      }
      if (operation.kind === "w" || (transaction.status === "ok" && !own.has(operation.key))) {
        accesses.push({ vertex: accesses.length, transaction, operation })
      }
    }
  }
  return accesses
}

/** Where a path leads from a write to what it is visible to; `owners` has the transaction of each read and write. */
const visibilityGraph = (
  { transactions }: TransactionHistory,
  accesses: ReadonlyArray<Access>,
  { monotonicReads, monotonicWrites, readYourWrites, writesFollowReads }: SessionGuarantees
): { readonly graph: Digraph; readonly owners: ReadonlyMap<number, Transaction> } => {
  const edges = new EdgeList()
  const connect = (source: number, target: number, used = true) => {
    if (used) {
      edges.add(source, target, 1)
    }
  }
  const writers = new Map<number, Map<number, number>>()
  for (const { operation, vertex } of accesses) {
    if (operation.kind === "w") {
      getOrInsert(writers, operation.key, () => new Map()).set(operation.value, vertex)
    }
  }
  const goesOn = monotonicReads || monotonicWrites || writesFollowReads
  const byTransaction = Map.groupBy(accesses, ({ transaction }) => transaction)
  const sessions = new Map<Transaction["invocation"]["process"], number>()
  let size = accesses.length
  for (const transaction of transactions) {
    // What a session sees, and what its writes bring along, before the transaction and after it.
    const seen = sessions.get(transaction.invocation.process) ?? size
    const brought = seen + 1
    size = Math.max(size, seen + 2)
    const [seenNext, broughtNext] = [size, size + 1]
    connect(seen, seenNext)
    connect(brought, broughtNext)
    let latestRead: number | undefined
    for (const { operation, vertex } of byTransaction.get(transaction) ?? []) {
      if (operation.kind === "w") {
        connect(brought, vertex)
        connect(latestRead ?? brought, vertex, writesFollowReads)
        connect(vertex, seenNext, readYourWrites)
        connect(vertex, broughtNext, monotonicWrites)
      } else {
        const writer = writers.get(operation.key)?.get(operation.value)
        connect(writer ?? seen, vertex)
        connect(seen, vertex)
        connect(latestRead ?? seen, vertex, goesOn)
        connect(vertex, seenNext, monotonicReads)
        connect(vertex, broughtNext, writesFollowReads)
        latestRead = vertex
      }
    }
    sessions.set(transaction.invocation.process, seenNext)
    size += 2
  }
  return {
    graph: digraph(size, edges),
    owners: new Map(accesses.map(({ transaction, vertex }) => [vertex, transaction]))
  }
}

/** The most writes of a key that are looked at for each access, those that began last before it had ended. */
const writesLookedAt = 32

const candidates = (accesses: ReadonlyArray<Access>): ReadonlyArray<Candidate> =>
  [...Map.groupBy(accesses, ({ operation }) => operation.key).values()].flatMap((ofKey) => {
    const writes = ofKey
      .filter(({ operation }) => operation.kind === "w")
      .toSorted((left, right) => began(left) - began(right))
    const found: Array<Candidate> = []
    let known = 0
    for (const after of ofKey) {
      // Transactions come in the order in which they ended.
      while (known < writes.length && began(writes[known]!) < ended(after)) {
        known++
      }
      for (const before of writes.slice(Math.max(0, known - writesLookedAt), known)) {
        if (before.transaction !== after.transaction && before.operation.value !== after.operation.value) {
          found.push({ before, after, source: after.vertex, target: before.vertex })
        }
      }
    }
    return found
  })

const began = ({ transaction }: Access): number => transaction.invocation.index

const ended = ({ transaction }: Access): number => transaction.completion?.index ?? Infinity

const cyclesOfVersions = (successions: ReadonlyArray<Candidate>): ReadonlyArray<ReadonlyArray<Candidate>> => {
  const versions = new Map<string, number>()
  const versionOf = ({ operation }: Access) =>
    getOrInsert(versions, `${operation.key} ${operation.value}`, () => versions.size)
  const steps = successions.map((candidate) => ({
    source: versionOf(candidate.before),
    target: versionOf(candidate.after),
    candidate
  }))
  return stepCycles(versions.size, steps).map((cycle) => cycle.map(({ candidate }) => candidate))
}
