/**
 * Impossible reads: reads of values that nobody wrote, or that nobody had begun to write.
 *
 * No consistency model allows these, but in Elle a value without a committed writer has no place in the dependency
 * graph, and one from the future is a cycle only with real time.
 */
import { getOrInsert } from "../collections/MultiMap.ts"
import type { MicroOperation, Transaction, TransactionHistory } from "./Transaction.ts"

/**
 * The first read of an impossible value.
 *
 * - `writer`: who wrote it later on, or further on in the same transaction; absent if nobody ever did. A failed
 *   transaction counts as a writer, since reading from it is an anomaly of its own.
 */
export interface ImpossibleRead {
  readonly reader: Transaction
  readonly read: MicroOperation
  readonly writer?: Transaction
}

/** The first read of each value that could not have been there. */
export const impossibleReads = (history: TransactionHistory): ReadonlyArray<ImpossibleRead> => {
  const writers = earliestWriters(history)
  const found: Array<ImpossibleRead> = []
  const reported = new Map<number, Set<number>>()
  for (const reader of history.transactions) {
    if (reader.status !== "ok") {
      continue
    }
    const written = new Map<number, Set<number>>()
    for (const [index, read] of reader.microOperations.entries()) {
      const { kind, key, value } = read
      if (kind === "w") {
        // A reply may tell another value than the one that was sent and stored.
        const sent = reader.requested[index]?.value ?? value
        const ofKey = getOrInsert(written, key, () => new Set())
        ofKey.add(value).add(sent)
        continue
      }
      const writer = writers.get(key)?.get(value)
      const isPossible =
        value === history.initial ||
        (writer === reader
          ? written.get(key)?.has(value) === true
          : writer !== undefined && writer.invocation.index < (reader.completion?.index ?? Infinity))
      if (!isPossible && reported.get(key)?.has(value) !== true) {
        getOrInsert(reported, key, () => new Set()).add(value)
        found.push(writer === undefined ? { reader, read } : { reader, read, writer })
      }
    }
  }
  return found
}

// By key and value. What a transaction was asked to write counts, not what its reply says it wrote.
const earliestWriters = ({ transactions }: TransactionHistory): Map<number, Map<number, Transaction>> => {
  const writers = new Map<number, Map<number, Transaction>>()
  for (const transaction of transactions) {
    for (const { kind, key, value } of transaction.requested) {
      const ofKey = getOrInsert(writers, key, () => new Map())
      const known = ofKey.get(value)
      if (kind === "w" && (known === undefined || transaction.invocation.index < known.invocation.index)) {
        ofKey.set(value, transaction)
      }
    }
  }
  return writers
}
