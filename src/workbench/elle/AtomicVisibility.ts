/**
 * Atomic visibility: who sees one write of a transaction sees all of them.
 *
 * Three models say this, each of more:
 *
 * - `thereafter` (monotonic atomic view): a transaction that has read a write of another sees all that it wrote from
 *   then on (Bailis et al., "Highly Available Transactions", 2013, where what breaks it is "observed transaction
 *   vanishes").
 * - `throughout` (read atomic): in none of its external reads does it miss them (Bailis et al., "Scalable Atomic
 *   Visibility with RAMP Transactions", 2014: "fractured reads"; the axiom EXT of Cerone et al., 2015).
 * - `transitively` (causal consistency of Cerone et al., 2015): nor does it miss what those had seen whose writes it
 *   saw.
 *
 * If a transaction sees T but reads a key, which T wrote, from U, then U came after T. This, together with reads that
 * come after what they read, must not be a cycle, and nobody who sees T may find null there. For these models that is
 * all there is to it: Biswas, Enea, "On the Complexity of Checking Transactional Consistency" (2019). Sessions are not
 * looked at, since the models do not speak of them.
 */
import { getOrInsert } from "../collections/MultiMap.ts"
import { stepCycles } from "./StepCycles.ts"
import { closingEdges, type Edge } from "./ClosingEdges.ts"
import { shortestPath } from "./CycleSearch.ts"
import { type Digraph, digraph, EdgeList } from "./Digraph.ts"
import type { Transaction, TransactionHistory } from "./Transaction.ts"

/** In which of a transaction's reads others are to be seen as a whole. */
export type Extent = "thereafter" | "throughout" | "transitively"

/** That `reader` saw the transaction `seen`, through the transactions between them, but read a key from elsewhere. */
export interface Missed {
  readonly through: readonly [seen: Transaction, ...others: ReadonlyArray<Transaction>, reader: Transaction]
  readonly key: number
  /** What it read. */
  readonly value: number
  /** What it missed. */
  readonly written: number
}

/** What cannot be: reads of null by those who saw a write, or transactions that each came before the others. */
export interface FracturedRead {
  readonly missed: ReadonlyArray<Missed>
  readonly transactions: ReadonlyArray<Transaction>
}

/** The reads that do not see transactions as a whole. */
export const fracturedReads = (history: TransactionHistory, extent: Extent): ReadonlyArray<FracturedRead> => {
  const writers = possibleWriters(history)
  const { graph, reads } = readsFrom(history, writers)
  const misses =
    extent === "thereafter" ? laterMisses(history, writers) : externalMisses(history, writers, graph, extent)
  const missedBy = ({ key, reader, seen, value, written }: Miss): Missed => {
    const between = shortestPath(graph, seen.index, reader.index).slice(1, -1)
    return { through: [seen, ...between.map((index) => history.transactions[index]!), reader], key, value, written }
  }
  const fractured = (cycle: ReadonlyArray<Step>): FracturedRead => {
    const missed = cycle.flatMap(({ miss }) => (miss === undefined ? [] : [missedBy(miss)]))
    const transactions = [
      ...cycle.map(({ source }) => history.transactions[source]!),
      ...missed.flatMap(({ through }) => through)
    ]
    return { missed, transactions: [...new Set(transactions)] }
  }
  const steps = misses.flatMap((miss): ReadonlyArray<Step> => {
    const writer = writers.get(miss.key)?.get(miss.value)
    return writer === undefined ? [] : [{ source: miss.seen.index, target: writer.index, miss }]
  })
  const nulls = new Map(misses.filter(({ value }) => value === history.initial).map((miss) => [miss.key, miss]))
  return [
    ...[...nulls.values()].map((miss) => fractured([{ source: miss.seen.index, target: miss.reader.index, miss }])),
    // A cycle of reads alone is a G1c.
    ...stepCycles(history.transactions.length, [...reads, ...steps])
      .map(fractured)
      .filter(({ missed }) => missed.length > 0)
  ]
}

interface Miss {
  readonly seen: Transaction
  readonly reader: Transaction
  readonly key: number
  readonly value: number
  readonly written: number
}

/** That one transaction came before another: the other read from it, or `miss` tells. */
interface Step extends Edge {
  readonly miss?: Miss
}

type Writers = ReadonlyMap<number, ReadonlyMap<number, Transaction>>

/** The writers of all versions that others may see, whether it is known that they committed or not. */
const possibleWriters = ({ transactions }: TransactionHistory): Writers => {
  const writers = new Map<number, Map<number, Transaction>>()
  for (const transaction of transactions) {
    for (const [key, value] of transaction.status === "fail" ? [] : transaction.externalWrites) {
      getOrInsert(writers, key, () => new Map()).set(value, transaction)
    }
  }
  return writers
}

const readsFrom = (
  { transactions }: TransactionHistory,
  writers: Writers
): { readonly graph: Digraph; readonly reads: ReadonlyArray<Step> } => {
  const edges = new EdgeList()
  const reads: Array<Step> = []
  for (const reader of transactions) {
    for (const [key, value] of reader.externalReads) {
      const writer = writers.get(key)?.get(value)
      if (writer !== undefined && writer !== reader) {
        edges.add(writer.index, reader.index, 1)
        reads.push({ source: writer.index, target: reader.index })
      }
    }
  }
  return { graph: digraph(transactions.length, edges), reads }
}

const laterMisses = ({ transactions }: TransactionHistory, writers: Writers): ReadonlyArray<Miss> => {
  const misses: Array<Miss> = []
  for (const reader of transactions) {
    const own = new Set<number>()
    const observed = new Set<Transaction>()
    for (const { key, kind, value } of reader.status === "ok" ? reader.microOperations : []) {
      if (kind === "w") {
        own.add(key)
      } else if (!own.has(key)) {
        const writer = writers.get(key)?.get(value)
        for (const seen of observed) {
          const written = seen.externalWrites.get(key)
          if (written !== undefined && seen !== writer) {
            misses.push({ seen, reader, key, value, written })
          }
        }
        if (writer !== undefined && writer !== reader) {
          observed.add(writer)
        }
      }
    }
  }
  return misses
}

/** The most writers of a key that are looked at for each read, those that began last before it had ended. */
const writersLookedAt = 32

const externalMisses = (
  { transactions }: TransactionHistory,
  writers: Writers,
  graph: Digraph,
  extent: "throughout" | "transitively"
): ReadonlyArray<Miss> => {
  const byKey = new Map(
    Array.from(writers, ([key, ofKey]) => [
      key,
      [...ofKey.values()].toSorted((left, right) => left.invocation.index - right.invocation.index)
    ])
  )
  const candidates: Array<Edge & Miss> = []
  for (const reader of transactions) {
    const direct = new Set(Array.from(reader.externalReads, ([key, value]) => writers.get(key)?.get(value)))
    for (const [key, value] of reader.externalReads) {
      const ofKey = byKey.get(key) ?? []
      const later = ofKey.findLastIndex(({ invocation }) => invocation.index < (reader.completion?.index ?? Infinity))
      for (const seen of ofKey.slice(Math.max(0, later + 1 - writersLookedAt), later + 1)) {
        const written = seen.externalWrites.get(key)!
        if (seen !== reader && written !== value && (extent === "transitively" || direct.has(seen))) {
          candidates.push({ source: reader.index, target: seen.index, seen, reader, key, value, written })
        }
      }
    }
  }
  return extent === "transitively" ? closingEdges(graph, candidates) : candidates
}
