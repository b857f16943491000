/**
 * Copy history: in which order a node's copies of keys went from version to version, as the node's clients saw it.
 *
 * See `DirtyWrite.ts` for what this takes for granted.
 */
import { type ClientBinding, nodeIndex } from "../history/ClientBinding.ts"
import { isClientOperation } from "../history/History.ts"
import type { Operation } from "../history/Operation.ts"
import { getOrInsert } from "../collections/MultiMap.ts"
import { type Writers, writersOf } from "./DependencyGraph.ts"
import { entryOf, type Transaction, type TransactionHistory } from "./Transaction.ts"

/**
 * What is known of the copies of one node.
 *
 * - `overwrites`: pairs of versions of which the first came first, as far as other pairs do not follow from them.
 * - `staleToInitial`: a read returned null after the key had had a value.
 * - `witnesses`: how many reads came after two versions of their key and would have shown it if they had been stale.
 */
export interface CopyHistory {
  readonly overwrites: ReadonlyArray<Overwrite>
  readonly staleToInitial: boolean
  readonly witnesses: number
}

/**
 * The write of `value` to `key` by `from` was overwritten by `to` with `next`: the first was in place at the entry
 * `placed`, and the second was not replaced yet at the later entry `current`.
 */
export interface Overwrite {
  readonly from: Transaction
  readonly to: Transaction
  readonly key: number
  readonly value: number
  readonly next: number
  readonly placed: Operation
  readonly current: Operation
}

/** What the clients of each node saw of its copies. */
export const copyHistories = (
  history: TransactionHistory,
  binding: ClientBinding | undefined
): ReadonlyArray<CopyHistory> => {
  const { writers } = writersOf(history)
  const writesAreInPlace = binding?.nodeCount === 1
  const committed = history.transactions.filter(({ status }) => status === "ok")
  return [...Map.groupBy(committed, ({ invocation }) => nodeOf(invocation, binding)).values()].map((transactions) => {
    const copies = versionIntervals(transactions, writers, writesAreInPlace)
    const { witnesses, staleToInitial } = witnessesAmong(history, transactions, copies)
    const overwrites = [...copies.values()].flatMap((ofKey) => overwritesAmong([...ofKey.values()]))
    return { overwrites, staleToInitial, witnesses }
  })
}

// When a version was in a copy, as far as it is known: it was there at the entry `placed`, and was not replaced yet at
// `current`.
interface VersionInterval {
  readonly key: number
  readonly value: number
  readonly writer: Transaction
  readonly placed: Operation
  current: Operation
}

// By key and value, from the transactions of one node.
const versionIntervals = (
  transactions: ReadonlyArray<Transaction>,
  writers: Writers,
  writesAreInPlace: boolean
): ReadonlyMap<number, ReadonlyMap<number, VersionInterval>> => {
  const copies = new Map<number, Map<number, VersionInterval>>()
  const extend = (key: number, value: number, writer: Transaction, observer: Transaction) => {
    const ofKey = getOrInsert(copies, key, () => new Map<number, VersionInterval>())
    const interval = ofKey.get(value)
    if (interval === undefined) {
      const latest = observer.invocation.index > writer.invocation.index ? observer : writer
      ofKey.set(value, { key, value, writer, placed: entryOf(observer), current: latest.invocation })
    } else if (observer.invocation.index > interval.current.index) {
      // Transactions come in the order of their completions, so that the first observer stays.
      interval.current = observer.invocation
    }
  }
  for (const transaction of transactions) {
    for (const [key, value] of transaction.externalReads) {
      const writer = writers.get(key)?.get(value)
      if (writer !== undefined && writer !== transaction) {
        extend(key, value, writer, transaction)
      }
    }
    if (writesAreInPlace) {
      for (const [key, value] of transaction.externalWrites) {
        extend(key, value, transaction, transaction)
      }
    }
  }
  return copies
}

const nodeOf = (operation: Operation, binding: ClientBinding | undefined): number => {
  if (!isClientOperation(operation)) {
    return -1
  }
  return binding === undefined ? operation.process : nodeIndex(operation, binding)
}

// In one pass, as for the real-time order of transactions.
const overwritesAmong = (intervals: ReadonlyArray<VersionInterval>): ReadonlyArray<Overwrite> => {
  const overwrites: Array<Overwrite> = []
  const predecessors = new Map<VersionInterval, ReadonlyArray<VersionInterval>>()
  const latest = new Set<VersionInterval>()
  const entries = intervals
    .flatMap((interval) => [
      { interval, index: interval.placed.index, isPlaced: true },
      { interval, index: interval.current.index, isPlaced: false }
    ])
    .toSorted((left, right) => left.index - right.index)
  for (const { interval, isPlaced } of entries) {
    if (isPlaced) {
      latest.add(interval)
    } else {
      const before = [...latest].filter((earlier) => earlier !== interval)
      predecessors.set(interval, before)
      for (const { key, value, writer, placed } of before) {
        overwrites.push({
          from: writer,
          to: interval.writer,
          key,
          value,
          next: interval.value,
          placed,
          current: interval.current
        })
      }
    }
    // What came before a version comes before all that follow it.
    if (latest.has(interval)) {
      for (const earlier of predecessors.get(interval) ?? []) {
        latest.delete(earlier)
      }
    }
  }
  return overwrites
}

const witnessesAmong = (
  { initial }: TransactionHistory,
  readers: ReadonlyArray<Transaction>,
  copies: ReadonlyMap<number, ReadonlyMap<number, VersionInterval>>
): { readonly staleToInitial: boolean; readonly witnesses: number } => {
  const placed = new Map(
    Array.from(copies, ([key, ofKey]) => [
      key,
      [...ofKey.values()].map((interval) => interval.placed.index).toSorted(ascending)
    ])
  )
  let witnesses = 0
  let staleToInitial = false
  for (const { externalReads, invocation } of readers) {
    for (const [key, value] of externalReads) {
      const [first = Infinity, second = Infinity] = placed.get(key) ?? []
      staleToInitial ||= value === initial && first < invocation.index
      witnesses += second < invocation.index ? 1 : 0
    }
  }
  return { staleToInitial, witnesses }
}

const ascending = (left: number, right: number): number => left - right
