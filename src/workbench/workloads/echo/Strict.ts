/**
 * Bugs of echo servers that Maelstrom lets through: it looks only at requests whose outcome is known.
 */
import type { CheckOptions } from "../../checkers/CheckOptions.ts"
import type { Anomaly } from "../../checkers/Verdict.ts"
import { type Call, calls, entries } from "../../history/History.ts"
import type { History } from "../../history/Operation.ts"
import { reply, request } from "./Words.ts"

/**
 * - `unanswered`: a request stayed without a reply.
 * - `error-reply`: a request got an indefinite error for one.
 *
 * Malformed replies are warnings of the exceptions part.
 */
export const warnings = (history: History, options: CheckOptions): ReadonlyArray<Anomaly> =>
  calls(history).flatMap((call) => warningOf(call, options))

const warningOf = (call: Call, options: CheckOptions): ReadonlyArray<Anomaly> => {
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
