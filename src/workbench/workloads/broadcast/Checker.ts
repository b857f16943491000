/**
 * The checker of the broadcast workload.
 */
import { pairs } from "../../history/History.ts"
import type { History } from "../../history/Operation.ts"
import { broadcastWarnings } from "./Strict.ts"
import type { CheckOptions } from "../../checkers/CheckOptions.ts"
import { canonical } from "../../json/JsonValue.ts"
import * as SetFull from "../../checkers/SetFull.ts"
import { ValueIndex } from "../../json/ValueIndex.ts"
import type { Anomaly, Verdict } from "../../checkers/Verdict.ts"

/**
 * No acknowledged value may be lost, which is when the last read of all lacks it.
 *
 * After Maelstrom's `workload/broadcast.clj`, that is Jepsen's `set-full`. For what is found beyond that see
 * `broadcastWarnings`.
 */
export const check = (history: History, options: CheckOptions): Verdict => {
  const elements = SetFull.elements(history, "broadcast")
  const validity = SetFull.validity(elements)
  const lost = new ValueIndex(elements.filter(({ outcome }) => outcome === "lost").map(({ value }) => value))
  return {
    valid: validity === true,
    results: SetFull.results(elements, "broadcast"),
    anomalies: validity === "unknown" ? [untested] : losses(history, elements),
    warnings: broadcastWarnings(history, lost, options)
  }
}

const untested: Anomaly = {
  name: "never-read",
  message: "No value was in a read that began after all reads without it, so that nothing was tested.",
  operations: []
}

const losses = (history: History, elements: ReadonlyArray<SetFull.SetElement>): ReadonlyArray<Anomaly> => {
  const counterparts = pairs(history)
  return elements.flatMap(({ value, outcome, known, lastAbsent }) => {
    if (outcome !== "lost" || known === undefined || lastAbsent === undefined) {
      return []
    }
    const read = counterparts.get(lastAbsent)
    const proof = known.f === "broadcast" ? "was acknowledged" : "was read"
    return [
      {
        name: "lost",
        message: `The value ${canonical(value)} ${proof} (${known.index}), but the read invoked last (${lastAbsent.index}) lacks it.`,
        operations: [known, lastAbsent, ...(read === undefined ? [] : [read])]
      }
    ]
  })
}
