/**
 * Process order: the order in which each client ran its transactions.
 */
import type { Order } from "./RealtimeOrder.ts"
import { entryOf, type Transaction } from "./Transaction.ts"

/** Pairs of successive committed transactions of the same process, from transactions in completion order. */
export const processOrder: Order = (transactions) => {
  const latest = new Map<Transaction["invocation"]["process"], Transaction>()
  const pairs: Array<readonly [Transaction, Transaction]> = []
  for (const transaction of transactions) {
    if (transaction.status !== "ok") {
      continue
    }
    const { process } = entryOf(transaction)
    const previous = latest.get(process)
    if (previous !== undefined) {
      pairs.push([previous, transaction])
    }
    latest.set(process, transaction)
  }
  return pairs
}
