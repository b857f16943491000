/**
 * Internal consistency: within a transaction, a read returns what the transaction last wrote or read there
 * (Cerone, Bernardi, Gotsman, "A Framework for Transactional Consistency Models with Atomic Visibility", 2015).
 */
import type { MicroOperation, Transaction, TransactionHistory } from "./Transaction.ts"

/** A read that contradicts an earlier micro-operation of its own transaction on the same key. */
export interface InternalInconsistency {
  readonly transaction: Transaction
  readonly read: MicroOperation
  readonly expected: MicroOperation
}

/**
 * The first contradiction of each committed transaction that has one.
 *
 * Maelstrom lets a value change that was first read as null (later versions of Elle do not): `afterInitial` tells
 * whether such a change counts too.
 */
export const internalInconsistencies = (
  { transactions, initial }: TransactionHistory,
  { afterInitial }: { readonly afterInitial: boolean }
): ReadonlyArray<InternalInconsistency> => {
  const found: Array<InternalInconsistency> = []
  for (const transaction of transactions) {
    if (transaction.status === "ok") {
      const contradiction = firstContradiction(transaction, afterInitial ? undefined : initial)
      if (contradiction !== undefined) {
        found.push(contradiction)
      }
    }
  }
  return found
}

const firstContradiction = (
  transaction: Transaction,
  ignored: number | undefined
): InternalInconsistency | undefined => {
  const latest = new Map<number, MicroOperation>()
  for (const microOperation of transaction.microOperations) {
    if (microOperation.kind === "r") {
      const expected = latest.get(microOperation.key)
      if (expected !== undefined && expected.value !== ignored && expected.value !== microOperation.value) {
        return { transaction, read: microOperation, expected }
      }
    }
    latest.set(microOperation.key, microOperation)
  }
  return undefined
}
