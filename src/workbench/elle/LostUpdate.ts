/**
 * Lost update: two committed transactions read the same version of a key and both replaced it (Berenson et al., "A
 * Critique of ANSI SQL Isolation Levels", 1995). Whichever came second did not see the first.
 *
 * It needs no version order, so that it shows even where no cycle does.
 */
import { append, getOrInsert } from "../collections/MultiMap.ts"
import type { Transaction, TransactionHistory } from "./Transaction.ts"

/** Committed transactions, two or more, that each read `value` from `key` and then wrote the key. */
export interface LostUpdate {
  readonly key: number
  readonly value: number
  readonly transactions: ReadonlyArray<Transaction>
}

/** Every version that more than one committed transaction replaced. */
export const lostUpdates = ({ transactions }: TransactionHistory): ReadonlyArray<LostUpdate> => {
  const updates = new Map<number, Map<number, Array<Transaction>>>()
  for (const transaction of transactions) {
    if (transaction.status !== "ok") {
      continue
    }
    for (const [key, value] of replacedVersions(transaction)) {
      const ofKey = getOrInsert(updates, key, () => new Map())
      append(ofKey, value, transaction)
    }
  }
  return [...updates].flatMap(([key, ofKey]) =>
    [...ofKey].flatMap(([value, group]) => (group.length > 1 ? [{ key, value, transactions: group }] : []))
  )
}

// As in Elle the first read of a key counts, even one that comes after a write: such a read returns the own value,
// which others can only have read as an intermediate one.
const replacedVersions = ({ microOperations }: Transaction): ReadonlyMap<number, number> => {
  const reads = new Map<number, number>()
  const replaced = new Map<number, number>()
  for (const { kind, key, value } of microOperations) {
    const read = reads.get(key)
    if (kind === "w" && read !== undefined && !replaced.has(key)) {
      replaced.set(key, read)
    } else if (kind === "r" && read === undefined) {
      reads.set(key, value)
    }
  }
  return replaced
}
