/**
 * Realtime order: the order of transactions that did not overlap in time.
 */
import type { Transaction } from "./Transaction.ts"

/** Finds pairs of transactions of which the first comes before the second. Further pairs follow by transitivity. */
export type Order = (transactions: ReadonlyArray<Transaction>) => ReadonlyArray<readonly [Transaction, Transaction]>

/**
 * Pairs of transactions of which the first had committed before the second began.
 *
 * Only the transitive reduction is given, by Elle's technique: one pass over the entries keeps the committed
 * transactions that nothing committed has followed yet, and these alone are linked to what begins next. There are
 * never more of them than clients, so that time and space are linear in the number of transactions.
 */
export const realtimeOrder: Order = (transactions) => {
  const pairs: Array<readonly [Transaction, Transaction]> = []
  const latest = new Set<Transaction>()
  const predecessors = new Map<Transaction, ReadonlyArray<Transaction>>()
  for (const { transaction, begins } of boundaries(transactions)) {
    if (begins) {
      const before = [...latest]
      predecessors.set(transaction, before)
      for (const predecessor of before) {
        pairs.push([predecessor, transaction])
      }
    } else if (transaction.status === "ok") {
      for (const predecessor of predecessors.get(transaction) ?? []) {
        latest.delete(predecessor)
      }
      latest.add(transaction)
    }
  }
  return pairs
}

const boundaries = (transactions: ReadonlyArray<Transaction>) =>
  transactions
    .flatMap((transaction) => [
      { transaction, begins: true, index: transaction.invocation.index },
      { transaction, begins: false, index: transaction.completion?.index ?? Infinity }
    ])
    // Infinity minus itself is no number; the order of transactions without an end does not matter.
    .toSorted((left, right) => (left.index === right.index ? 0 : left.index - right.index))
