/**
 * G1b, intermediate read: a committed transaction read a value that another one overwrote before it ended
 * (Adya, "Weak Consistency", 1999).
 */
import { getOrInsert } from "../collections/MultiMap.ts"
import { type DirtyRead, readsOf } from "./DirtyRead.ts"
import type { Transaction, TransactionHistory } from "./Transaction.ts"

/** Every read of another transaction's intermediate value, once for each reading micro-operation. */
export const intermediateReads = ({ transactions }: TransactionHistory): ReadonlyArray<DirtyRead> => {
  const intermediate = new Map<number, Map<number, Transaction>>()
  for (const transaction of transactions) {
    const latest = new Map<number, number>()
    for (const { kind, key, value } of transaction.microOperations) {
      if (kind === "r") {
        continue
      }
      const overwritten = latest.get(key)
      if (overwritten !== undefined) {
        getOrInsert(intermediate, key, () => new Map()).set(overwritten, transaction)
      }
      latest.set(key, value)
    }
  }
  return readsOf(transactions, intermediate)
}
