/**
 * Describes requests and answers of an echo server, for messages about anomalies.
 */
import { Predicate } from "effect"
import type { CheckOptions } from "../../checkers/CheckOptions.ts"
import { nodeName } from "../../history/ClientBinding.ts"
import type { Call } from "../../history/History.ts"
import { canonical } from "../../json/JsonValue.ts"

/** What was asked, and of which node. */
export const request = ({ invocation }: Call, options: CheckOptions): string =>
  `The request to ${nodeName(invocation, options)} to echo ${canonical(invocation.value)}`

/** What came back. */
export const reply = ({ completion }: Call): string => {
  if (completion?.type !== "ok") {
    return `the error ${canonical(completion?.error)}`
  }
  return Predicate.hasProperty(completion.value, "echo") ? canonical(completion.value.echo) : "no echo"
}
