/**
 * Operations in which the client itself failed.
 */
import { Predicate } from "effect"
import { nodeName } from "../history/ClientBinding.ts"
import { type ClientOperation, completions, pairs } from "../history/History.ts"
import type { History } from "../history/Operation.ts"
import type { CheckOptions } from "./CheckOptions.ts"
import { jepsenOperation } from "./JepsenOperation.ts"
import type { Verdict } from "./Verdict.ts"

/**
 * Counts exceptions by kind, the most frequent first, with an example each. It never makes a history invalid.
 *
 * A reply that lacks what it should hold is such an exception, so that Maelstrom lets it through; here it is a anomaly
 * (`malformed-reply`).
 *
 * After `jepsen.checker/unhandled-exceptions`, which however groups by Java class.
 */
export const check = (history: History, options: CheckOptions): Verdict => {
  const exceptions = completions(history).filter(({ type, exception }) => type === "info" && exception === true)
  const kinds = [...Map.groupBy(exceptions, exceptionKind)]
    .toSorted(([, left], [, right]) => right.length - left.length)
    .map(([kind, operations]) => ({
      count: operations.length,
      class: kind,
      example: operations.slice(0, 1).map((operation) => jepsenOperation(operation))[0]
    }))
  const counterparts = pairs(history)
  return {
    valid: true,
    results: { "valid?": true, ...(kinds.length === 0 ? {} : { exceptions: kinds }) },
    anomalies: [],
    warnings: exceptions
      .filter((operation) => exceptionKind(operation) === malformedReply)
      .map((operation) => ({
        name: "malformed-reply",
        message: `A reply of ${nodeName(operation, options)} to ${operation.f} is malformed.`,
        operations: [counterparts.get(operation) ?? [], operation].flat()
      }))
  }
}

const malformedReply = "malformed-rpc-response"

/**
 * What kind of exception a client met: the name in an error pair, the name of a reply's error code, or, for a text
 * that tells neither, the text itself.
 */
export const exceptionKind = ({ error }: ClientOperation): string => {
  if (Array.isArray(error)) {
    return String(error[0])
  }
  if (!Predicate.isString(error)) {
    return "exception"
  }
  const text = error.replace(/^indeterminate: /, "")
  if (text.startsWith("Malformed RPC response")) {
    return malformedReply
  }
  if (text === "Client read timeout") {
    return "net-timeout"
  }
  return /^throw\+: \{:type :rpc-error, .*?:name :([\w-]+)/.exec(text)?.[1] ?? text
}
