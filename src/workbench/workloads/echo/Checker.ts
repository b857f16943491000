/**
 * The checker of the echo workload.
 */
import { Predicate } from "effect"
import { nodeName } from "../../history/ClientBinding.ts"
import { type Call, calls, entries } from "../../history/History.ts"
import type { History, Operation } from "../../history/Operation.ts"
import type { CheckOptions } from "../../checkers/CheckOptions.ts"
import { canonical, same } from "../../json/JsonValue.ts"
import type { Anomaly, Verdict } from "../../checkers/Verdict.ts"

/**
 * Every reply must hold what was sent.
 *
 * Maelstrom looks only at requests whose outcome is known. A request that stays without a reply (`unanswered`) or gets
 * an indefinite error for one (`error-reply`) is a anomaly; malformed replies are warnings of the exceptions part.
 */
export const check = (history: History, options: CheckOptions): Verdict => {
  const all = calls(history)
  const wrong = all.filter(isWrong)
  return {
    valid: wrong.length === 0,
    results: {
      "valid?": wrong.length === 0,
      errors: wrong.map(({ invocation, completion }) => [
        "Expected a message with :echo",
        invocation.value,
        "But received",
        completion?.value
      ])
    },
    anomalies: wrong.map((call) => ({
      name: "wrong-echo",
      message: `${request(call, options)} was answered with ${reply(call)}.`,
      operations: entries(call)
    })),
    warnings: all.flatMap((call) => findingOf(call, options))
  }
}

const isWrong = ({ invocation, completion }: Call): boolean =>
  (completion?.type === "ok" || completion?.type === "fail") && !same(invocation.value, echoOf(completion))

const echoOf = ({ value }: Operation): unknown => (Predicate.isObject(value) ? value["echo"] : undefined)

const reply = ({ completion }: Call): string => {
  if (completion?.type !== "ok") {
    return `the error ${canonical(completion?.error)}`
  }
  return Predicate.hasProperty(completion.value, "echo") ? canonical(completion.value.echo) : "no echo"
}

const findingOf = (call: Call, options: CheckOptions): ReadonlyArray<Anomaly> => {
  const { completion } = call
  if (completion !== undefined && (completion.type !== "info" || completion.exception === true)) {
    return []
  }
  if (completion === undefined || completion.error === "net-timeout") {
    return [{ name: "unanswered", message: `${request(call, options)} was never answered.`, operations: entries(call) }]
  }
  return [
    {
      name: "error-reply",
      message: `${request(call, options)} was answered with ${reply(call)}.`,
      operations: entries(call)
    }
  ]
}

const request = ({ invocation }: Call, options: CheckOptions): string =>
  `The request to ${nodeName(invocation, options)} to echo ${canonical(invocation.value)}`
