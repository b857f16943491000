/**
 * How Jepsen prints an operation in its results.
 */
import type { Operation } from "../history/Operation.ts"

/** An operation as plain data under Jepsen's keys, with its `f` under another name if the checker renames it. */
export const jepsenOperation = (operation: Operation, f: string = operation.f): { readonly [key: string]: unknown } => {
  const { final, ...fields } = operation
  return { ...fields, f, ...(final === undefined ? {} : { "final?": final }) }
}
