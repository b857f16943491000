/**
 * Exceptions: operations in which the client itself failed.
 */
import { Predicate, Schema } from "effect"
import { nodeName } from "../history/ClientBinding.ts"
import { type ClientOperation, completions, pairs } from "../history/History.ts"
import type { History } from "../history/Operation.ts"
import type { CheckOptions } from "./CheckOptions.ts"
import * as JepsenKeys from "../json/JepsenKeys.ts"
import { JepsenOperation } from "./JepsenOperation.ts"
import { Validity } from "./Validity.ts"
import * as Verdict from "./Verdict.ts"

/** `exceptions`: each kind with how many there were, and an example; absent where there were none. */
export const Results = JepsenKeys.struct({
  validity: Validity,
  exceptions: Schema.optionalKey(
    Schema.Array(JepsenKeys.struct({ count: Schema.Int, class: Schema.String, example: JepsenOperation }))
  )
})
export interface Results extends Schema.Schema.Type<typeof Results> {}

/**
 * Counts exceptions by kind, the most frequent first, with an example each. It never makes a history invalid.
 *
 * A reply that lacks what it should hold is such an exception, so that Maelstrom lets it through; here it is a
 * warning (`malformed-reply`).
 *
 * After `jepsen.checker/unhandled-exceptions`, which however groups by Java class.
 */
export const check = (history: History, options: CheckOptions): Verdict.Verdict<Results> => {
  const exceptions = completions(history).filter(({ type, exception }) => type === "info" && exception === true)
  const kinds = [...Map.groupBy(exceptions, exceptionKind)]
    .toSorted(([, left], [, right]) => right.length - left.length)
    .map(([kind, operations]) => ({
      count: operations.length,
      class: kind,
      example: operations[0]!
    }))
  return Verdict.make(
    { validity: true, ...(kinds.length > 0 && { exceptions: kinds }) },
    { warnings: malformedReplies(exceptions, history, options) }
  )
}

const malformedReplies = (
  exceptions: ReadonlyArray<ClientOperation>,
  history: History,
  options: CheckOptions
): ReadonlyArray<Verdict.Anomaly> => {
  const counterparts = pairs(history)
  return exceptions
    .filter((operation) => exceptionKind(operation) === malformedReply)
    .map((operation) => ({
      name: "malformed-reply",
      message: `A reply of ${nodeName(operation, options)} to ${operation.f} is malformed${reason(operation)}.`,
      operations: [counterparts.get(operation) ?? [], operation].flat()
    }))
}

/** What is wrong with the reply; Maelstrom says so over many lines. */
const reason = ({ error }: ClientOperation): string =>
  Array.isArray(error) && Predicate.isString(error[1]) ? `: ${error[1]}` : ""

const malformedReply = "malformed-rpc-response"

/**
 * What kind of exception a client met: the name in an error pair, the name of a reply's error code, or, for a text
 * that tells neither, the text itself.
 */
const exceptionKind = ({ error }: ClientOperation): string => {
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
