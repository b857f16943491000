/**
 * Maps errors of calls to completions: `fail` where the operation certainly changed nothing, else `info`.
 */
import type { RpcError } from "../../protocol/RpcError.ts"
import type { Completion, Invocation } from "./Workload.ts"
import { answered, type CallError } from "../clients/Connection.ts"

/**
 * Definite errors, and any error of an operation that changes nothing (`idempotent` has its `f`), mean that it did not
 * take place; others leave that open. After `maelstrom.client/with-errors`.
 */
export const withErrors =
  (idempotent: ReadonlySet<string>) =>
  (operation: Invocation, error: CallError): Completion => {
    if (error._tag === "MalformedReply") {
      return exception(error)
    }
    const definite = idempotent.has(operation.f) || error.definite
    return {
      type: definite ? "fail" : "info",
      error:
        error._tag === "Timeout" && error.details[answered] !== true ? "net-timeout" : [errorName(error), error.text]
    }
  }

/** Every error is an exception of the client, and leaves open what happened: the way of Maelstrom's counters. */
export const exceptions = (_operation: Invocation, error: CallError): Completion =>
  error._tag === "MalformedReply"
    ? exception(error)
    : { type: "info", exception: true, error: `indeterminate: ${errorName(error)}: ${error.text}` }

/** Maelstrom's name of an error: its tag in kebab case. */
const errorName = (error: RpcError): string =>
  error._tag === "CustomError"
    ? "unknown"
    : error._tag.replaceAll(/(?<!^)[A-Z]/g, (letter) => `-${letter}`).toLowerCase()

const exception = (error: { readonly text: string }): Completion => ({
  type: "info",
  exception: true,
  error: ["malformed-rpc-response", error.text]
})
