/**
 * Dirty reads: reads of values that nobody but their writer was to see.
 */
import type { MicroOperation, Transaction } from "./Transaction.ts"

/** A committed transaction's read of a value that `writer` never made final. */
export interface DirtyRead {
  readonly reader: Transaction
  readonly read: MicroOperation
  readonly writer: Transaction
}

/** The reads of committed transactions that returned one of the given values (by key and value) of others. */
export const readsOf = (
  transactions: ReadonlyArray<Transaction>,
  writers: ReadonlyMap<number, ReadonlyMap<number, Transaction>>
): ReadonlyArray<DirtyRead> => {
  const found: Array<DirtyRead> = []
  for (const reader of transactions) {
    if (reader.status !== "ok") {
      continue
    }
    for (const read of reader.microOperations) {
      const writer = read.kind === "r" ? writers.get(read.key)?.get(read.value) : undefined
      if (writer !== undefined && writer !== reader) {
        found.push({ reader, read, writer })
      }
    }
  }
  return found
}
