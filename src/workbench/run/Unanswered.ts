/**
 * Why clients waited in vain, as far as what nodes sent and printed tells: warnings of a run, since Maelstrom lets all
 * of it through.
 */
import type { Anomaly } from "../checkers/Verdict.ts"
import { unmatchedReplies } from "../clients/UnmatchedReplies.ts"
import { type ClientBinding, nodeName } from "../history/ClientBinding.ts"
import { type Call, calls, entries } from "../history/History.ts"
import type { TestRecord } from "./TestProgram.ts"

/**
 * - `unmatched-reply`: a node sent a client what answers none of its requests.
 * - `unfinished-output`: a node left a request unanswered, and has printed what is no message yet.
 */
export const warnings = (
  { complaints = {}, history, journal, originNanos }: TestRecord,
  binding: ClientBinding
): ReadonlyArray<Anomaly> => {
  const unanswered = Map.groupBy(calls(history).filter(isUnanswered), ({ invocation }) => nodeName(invocation, binding))
  return [
    ...unmatchedReplies(journal).map(({ node, text, timeNanos }) => ({
      name: "unmatched-reply",
      message: `${text}.`,
      operations: (unanswered.get(node) ?? [])
        .filter((call) => isUnderWay(call, timeNanos - originNanos))
        .slice(0, 1)
        .flatMap(entries)
    })),
    ...Object.entries(complaints).flatMap(([node, complaint]) =>
      (unanswered.get(node) ?? []).slice(0, 1).map((call) => ({
        name: "unfinished-output",
        message: `${node} ${complaint}.`,
        operations: entries(call)
      }))
    )
  ]
}

/** Whether nothing was heard: not an error that the node answered, and not a malformed reply. */
const isUnanswered = ({ completion }: Call): boolean =>
  completion === undefined ||
  completion.error === "net-timeout" ||
  (typeof completion.error === "string" && completion.error.startsWith("indeterminate: timeout: no reply to "))

/** In real time a client takes a moment to send. */
const isUnderWay = ({ completion, invocation }: Call, nanos: number): boolean =>
  invocation.time <= nanos && nanos <= (completion?.time ?? Number.POSITIVE_INFINITY)
