/**
 * Queries a history: its client operations, and invocations paired with their completions.
 */
import { Predicate } from "effect"
import type { History, Operation } from "./Operation.ts"

/** One operation from end to end. Without a completion the history ended before its outcome was known. */
export interface Call {
  readonly invocation: ClientOperation
  readonly completion: ClientOperation | undefined
}

/** The operations of clients, in the order in which they began. */
export const calls = (history: History): ReadonlyArray<Call> => {
  const counterparts = pairs(history)
  return invocations(history).map((invocation) => ({ invocation, completion: counterparts.get(invocation) }))
}

/** The entries of an operation that are known, as a proof in which it takes part lists them. */
export const entries = ({ invocation, completion }: Call): ReadonlyArray<ClientOperation> =>
  completion === undefined ? [invocation] : [invocation, completion]

/** The other entry of the same operation: from an invocation to its completion, and from a completion back. */
export const pairs = (history: History): ReadonlyMap<Operation, ClientOperation> => {
  const pending = new Map<number, ClientOperation>()
  const counterparts = new Map<Operation, ClientOperation>()
  for (const operation of history) {
    if (!isClientOperation(operation)) {
      continue
    }
    if (operation.type === "invoke") {
      pending.set(operation.process, operation)
      continue
    }
    const invocation = pending.get(operation.process)
    if (invocation !== undefined) {
      pending.delete(operation.process)
      counterparts.set(invocation, operation)
      counterparts.set(operation, invocation)
    }
  }
  return counterparts
}

/** What clients do, as opposed to the nemesis. */
export const clientOperations = (history: History): ReadonlyArray<ClientOperation> => history.filter(isClientOperation)

/** The beginnings of client operations. */
export const invocations = (history: History): ReadonlyArray<ClientOperation> =>
  history.filter(isClientOperation).filter((operation) => operation.type === "invoke")

/** The ends of client operations, whatever their outcome. */
export const completions = (history: History): ReadonlyArray<ClientOperation> =>
  history.filter(isClientOperation).filter((operation) => operation.type !== "invoke")

/** A history entry of a client. */
export type ClientOperation = Operation & { readonly process: number }

/** Whether an entry belongs to a client. */
export const isClientOperation = (operation: Operation): operation is ClientOperation =>
  Predicate.isNumber(operation.process)
