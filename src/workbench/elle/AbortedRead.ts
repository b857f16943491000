/**
 * G1a, aborted read: a committed transaction read what an aborted one wrote (Adya, "Weak Consistency", 1999).
 */
import { getOrInsert } from "../collections/MultiMap.ts"
import type { Transaction, TransactionHistory } from "./Transaction.ts"
import { type DirtyRead, readsOf } from "./DirtyRead.ts"

/** Every read of a value that only a failed transaction wrote, once for each reading micro-operation. */
export const abortedReads = ({ transactions }: TransactionHistory): ReadonlyArray<DirtyRead> => {
  const aborted = new Map<number, Map<number, Transaction>>()
  for (const transaction of transactions) {
    if (transaction.status !== "fail") {
      continue
    }
    for (const { kind, key, value } of transaction.microOperations) {
      if (kind === "w") {
        getOrInsert(aborted, key, () => new Map()).set(value, transaction)
      }
    }
  }
  return readsOf(transactions, aborted)
}
