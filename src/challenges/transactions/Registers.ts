/**
 * A node's copy of the registers that transactions read and write.
 */
import { MutableHashMap, Option, Schema } from "effect"
import type { CompletedMicroOperation, MicroOperation } from "../../protocol/Txn.ts"

/** What transactions leave to the outside: the last value that they wrote to each key, every key once. */
export const Writes = Schema.Array(Schema.Tuple([Schema.Json, Schema.Json]))
export type Writes = typeof Writes.Type

/** Transactions as they ran: their micro-operations with the reads filled in, and what they wrote, not yet applied. */
export interface Execution {
  readonly completed: ReadonlyArray<ReadonlyArray<CompletedMicroOperation>>
  readonly writes: Writes
}

/** Registers whose values have versions, of which the latest wins. */
export interface Registers<Version> {
  /**
   * Runs transactions one after another on the registers as they are, without changing them: a read sees what was
   * written before it in these transactions, and null where there is no value.
   */
  execute(txns: ReadonlyArray<ReadonlyArray<MicroOperation>>): Execution

  /** Makes writes visible, all at once: each one unless its key already has a value of a later version. */
  apply(writes: Writes, version: Version): void

  /** All values, each with its key and version. */
  entries(): ReadonlyArray<readonly [key: Schema.Json, value: Schema.Json, version: Version]>
}

/** Registers without values. Keys are JSON, compared by what they contain; `compare` orders versions. */
export const make = <Version>(compare: (a: Version, b: Version) => number): Registers<Version> => {
  const registers = MutableHashMap.empty<Schema.Json, { readonly value: Schema.Json; readonly version: Version }>()
  const read = (key: Schema.Json) => Option.map(MutableHashMap.get(registers, key), ({ value }) => value)

  return {
    execute: (txns) => {
      const written = MutableHashMap.empty<Schema.Json, Schema.Json>()
      const run = (operation: MicroOperation): CompletedMicroOperation => {
        const [f, key, value] = operation
        if (f === "w") {
          MutableHashMap.set(written, key, value)
          return operation
        }
        const seen = Option.orElse(MutableHashMap.get(written, key), () => read(key))
        return ["r", key, Option.getOrNull(seen)]
      }
      return { completed: txns.map((txn) => txn.map(run)), writes: [...written] }
    },

    entries: () => Array.from(registers, ([key, { value, version }]) => [key, value, version] as const),

    apply: (writes, version) => {
      for (const [key, value] of writes) {
        const current = MutableHashMap.get(registers, key)
        if (Option.isNone(current) || compare(current.value.version, version) < 0) {
          MutableHashMap.set(registers, key, { value, version })
        }
      }
    }
  }
}
