import type { History, Operation, OperationType } from "../../../src/workbench/history/Operation.ts"
import { type TinyEntry, tinyHistory } from "../history/tinyHistory.ts"

/**
 * A history of transactions in a short notation. A line has a process, how the transaction goes on, and its
 * micro-operations, where `_` is null:
 *
 * - `0 begins r x, w y 1` and `0 commits r x 2, w y 1` (or `aborts`, or `crashes`);
 * - `0 runs r x 2, w y 1` for both at once.
 */
export const registerHistory = (...lines: ReadonlyArray<string>): History =>
  tinyHistory(...lines.flatMap((line) => entriesOf(line)))

/** Transactions of which each begins after the one before has ended, each in a process of its own. */
export const serial = (...transactions: ReadonlyArray<string>): History =>
  registerHistory(...transactions.map((transaction, process) => `${process} runs ${transaction}`))

/** Transactions that all begin before any of them ends. */
export const concurrent = (...transactions: ReadonlyArray<string>): History =>
  registerHistory(
    ...transactions.map((transaction, process) => `${process} begins ${transaction}`),
    ...transactions.map((transaction, process) => `${process} commits ${transaction}`)
  )

/** The indices of operations. */
export const indices = (operations: ReadonlyArray<Operation>): ReadonlyArray<number> =>
  operations.map(({ index }) => index)

const entriesOf = (line: string): ReadonlyArray<TinyEntry> => {
  const [, process, verb, text] = /^(\d+) (\w+) (.*)$/.exec(line)!
  const microOperations = text!.split(", ").map((microOperation) => microOperation.split(" "))
  const asked = microOperations.map(([f, key, value]) => [f, key, f === "r" ? null : number(value)])
  const done = microOperations.map(([f, key, value]) => [f, key, number(value)])
  const entry = (type: OperationType, value: unknown): TinyEntry => [Number(process), type, "txn", value]
  switch (verb) {
    case "begins":
      return [entry("invoke", asked)]
    case "commits":
      return [entry("ok", done)]
    case "aborts":
      return [entry("fail", asked)]
    case "crashes":
      return [entry("info", asked)]
    default:
      return [entry("invoke", asked), entry("ok", done)]
  }
}

const number = (text = "_"): number | null => (text === "_" ? null : Number(text))
