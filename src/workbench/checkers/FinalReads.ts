/**
 * The reads at the end of a test, when faults are healed and the nodes had time to agree.
 */
import { type ClientBinding, nodeName } from "../history/ClientBinding.ts"
import { calls, type ClientOperation, entries } from "../history/History.ts"
import type { History } from "../history/Operation.ts"
import type { Anomaly } from "./Verdict.ts"

/** Whether an entry is the successful end of a final read. */
export const isFinalRead = ({ f, final, type }: ClientOperation): boolean =>
  f === "read" && final === true && type === "ok"

/** Final reads that did not succeed (`unanswered-final-read`), so that the state of a node was not checked. */
export const unansweredFinalReads = (history: History, options: ClientBinding): ReadonlyArray<Anomaly> =>
  calls(history)
    .filter(({ invocation, completion }) => invocation.final === true && completion?.type !== "ok")
    .map((call) => ({
      name: "unanswered-final-read",
      message: `The final read of ${nodeName(call.invocation, options)} did not succeed.`,
      operations: entries(call)
    }))
