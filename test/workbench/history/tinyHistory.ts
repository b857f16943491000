import type { Operation, OperationType } from "../../../src/workbench/history/Operation.ts"

/** An entry without its index and time: process, type, function, value, and what else it carries. */
export type TinyEntry = readonly [
  process: Operation["process"],
  type: OperationType,
  f: string,
  value?: unknown,
  more?: { readonly [key: string]: unknown }
]

/** A history of hand-written entries, one a second. */
export const tinyHistory = (...entries: ReadonlyArray<TinyEntry>): ReadonlyArray<Operation> =>
  entries.map(([process, type, f, value = null, more = {}], index) =>
    Object.assign({ index, time: index * 1_000_000_000, type, process, f, value }, more)
  )
