/**
 * Changed transactions: those that came back as other ones than were asked for.
 *
 * Maelstrom takes a completion for what was done, whatever the invocation says.
 */
import { same } from "../json/JsonValue.ts"
import type { Transaction, TransactionHistory } from "./Transaction.ts"

/**
 * A committed transaction whose reply does not fit its request.
 *
 * - `shape`: the number of micro-operations, or the function or key of one of them, is different.
 * - `write`: a write has another value.
 */
export interface ChangedTransaction {
  readonly transaction: Transaction
  readonly change: "shape" | "write"
}

/** Every committed transaction whose reply does not fit its request. */
export const changedTransactions = ({ transactions }: TransactionHistory): ReadonlyArray<ChangedTransaction> =>
  transactions.flatMap((transaction) => {
    const change = changeOf(transaction)
    return change === undefined ? [] : [{ transaction, change }]
  })

const changeOf = ({ status, invocation, completion }: Transaction): ChangedTransaction["change"] | undefined => {
  const asked = invocation.value
  const answered = completion?.value
  if (status !== "ok" || !Array.isArray(asked)) {
    return undefined
  }
  if (!Array.isArray(answered) || answered.length !== asked.length) {
    return "shape"
  }
  let change: ChangedTransaction["change"] | undefined
  for (const [index, request] of asked.entries()) {
    const reply: unknown = answered[index]
    if (!Array.isArray(request)) {
      continue
    }
    if (
      !Array.isArray(reply) ||
      reply.length !== request.length ||
      reply[0] !== request[0] ||
      !same(reply[1], request[1])
    ) {
      return "shape"
    }
    if (request[0] === "w" && !same(reply[2], request[2])) {
      change = "write"
    }
  }
  return change
}
