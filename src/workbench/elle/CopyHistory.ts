/**
 * In which order a node's copies of keys went from version to version, as the node's clients saw it.
 *
 * See `DirtyWrite.ts` for what this takes for granted.
 */
import { type ClientBinding, nodeIndex } from "../history/ClientBinding.ts"
import { isClientOperation } from "../history/History.ts"
import type { Operation } from "../history/Operation.ts"
import { type Writers, writersOf } from "./DependencyGraph.ts"
import { entryOf, type Transaction, type TransactionHistory } from "./Transaction.ts"

/**
 * What is known of the copies of one node.
 *
 * - `overwrites`: pairs of versions of which the first came first, as far as other pairs do not follow from them.
 * - `returnsToInitial`: a key was null again after it had had a value.
 * - `tests`: how many reads came after two versions of their key and would have shown it if they had been stale.
 */
export interface CopyHistory {
  readonly overwrites: ReadonlyArray<Overwrite>
  readonly returnsToInitial: boolean
  readonly tests: number
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
    const copies = spellsOf(transactions, writers, writesAreInPlace)
    const { tests, returnsToInitial } = testsOf(history, transactions, copies)
    const overwrites = [...copies.values()].flatMap((ofKey) => overwritesAmong([...ofKey.values()]))
    return { overwrites, returnsToInitial, tests }
  })
}

// The time of a version in a copy: it was there at the entry `placed`, and was not replaced yet at `current`.
interface Spell {
  readonly key: number
  readonly value: number
  readonly writer: Transaction
  readonly placed: Operation
  current: Operation
}

// By key and value, from the transactions of one node.
const spellsOf = (
  transactions: ReadonlyArray<Transaction>,
  writers: Writers,
  writesAreInPlace: boolean
): ReadonlyMap<number, ReadonlyMap<number, Spell>> => {
  const copies = new Map<number, Map<number, Spell>>()
  const note = (key: number, value: number, writer: Transaction, witness: Transaction) => {
    const ofKey = copies.get(key) ?? new Map<number, Spell>()
    copies.set(key, ofKey)
    const spell = ofKey.get(value)
    if (spell === undefined) {
      const latest = witness.invocation.index > writer.invocation.index ? witness : writer
      ofKey.set(value, { key, value, writer, placed: entryOf(witness), current: latest.invocation })
    } else if (witness.invocation.index > spell.current.index) {
      // Transactions come in the order of their completions, so that the first witness stays.
      spell.current = witness.invocation
    }
  }
  for (const transaction of transactions) {
    for (const [key, value] of transaction.externalReads) {
      const writer = writers.get(key)?.get(value)
      if (writer !== undefined && writer !== transaction) {
        note(key, value, writer, transaction)
      }
    }
    if (writesAreInPlace) {
      for (const [key, value] of transaction.externalWrites) {
        note(key, value, transaction, transaction)
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
const overwritesAmong = (spells: ReadonlyArray<Spell>): ReadonlyArray<Overwrite> => {
  const overwrites: Array<Overwrite> = []
  const predecessors = new Map<Spell, ReadonlyArray<Spell>>()
  const latest = new Set<Spell>()
  const entries = spells
    .flatMap((spell) => [
      { spell, index: spell.placed.index, isPlaced: true },
      { spell, index: spell.current.index, isPlaced: false }
    ])
    .toSorted((left, right) => left.index - right.index)
  for (const { spell, isPlaced } of entries) {
    if (isPlaced) {
      latest.add(spell)
    } else {
      const before = [...latest].filter((earlier) => earlier !== spell)
      predecessors.set(spell, before)
      for (const { key, value, writer, placed } of before) {
        overwrites.push({
          from: writer,
          to: spell.writer,
          key,
          value,
          next: spell.value,
          placed,
          current: spell.current
        })
      }
    }
    // What came before a version comes before all that follow it.
    if (latest.has(spell)) {
      for (const earlier of predecessors.get(spell) ?? []) {
        latest.delete(earlier)
      }
    }
  }
  return overwrites
}

const testsOf = (
  { initial }: TransactionHistory,
  readers: ReadonlyArray<Transaction>,
  copies: ReadonlyMap<number, ReadonlyMap<number, Spell>>
): { readonly returnsToInitial: boolean; readonly tests: number } => {
  const placed = new Map(
    Array.from(copies, ([key, ofKey]) => [
      key,
      [...ofKey.values()].map((spell) => spell.placed.index).toSorted(ascending)
    ])
  )
  let tests = 0
  let returnsToInitial = false
  for (const { externalReads, invocation } of readers) {
    for (const [key, value] of externalReads) {
      const [first = Infinity, second = Infinity] = placed.get(key) ?? []
      returnsToInitial ||= value === initial && first < invocation.index
      tests += second < invocation.index ? 1 : 0
    }
  }
  return { returnsToInitial, tests }
}

const ascending = (left: number, right: number): number => left - right
