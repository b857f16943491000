/**
 * Checks the broadcast workload: no acknowledged value may be lost.
 */
import { getOrInsert } from "../../collections/MultiMap.ts"
import { type ClientOperation, pairs } from "../../history/History.ts"
import type { History } from "../../history/Operation.ts"
import type { CheckOptions } from "../../checkers/CheckOptions.ts"
import { canonical, kind, untyped } from "../../json/JsonValue.ts"
import { ValueIndex } from "../../json/ValueIndex.ts"
import * as Verdict from "../../checkers/Verdict.ts"
import * as SetFull from "./SetFull.ts"
import * as Strict from "./Strict.ts"

/**
 * An acknowledged value is lost when the last read of all lacks it.
 *
 * After Maelstrom's `workload/broadcast.clj`, that is Jepsen's `set-full`. For the warnings see `Strict.ts`.
 */
export const check = (history: History, options: CheckOptions): Verdict.Verdict<SetFull.Results> => {
  const elements = SetFull.elements(history, "broadcast")
  const results = SetFull.results(elements, "broadcast")
  const lost = new ValueIndex(elements.filter(({ outcome }) => outcome === "lost").map(({ value }) => value))
  return Verdict.make(results, {
    anomalies: results.validity === "unknown" ? [untested] : losses(history, elements),
    warnings: Strict.warnings(history, lost, options)
  })
}

const untested: Verdict.Anomaly = {
  name: "never-read",
  message: "No value was in a read that began after all reads without it, so that nothing was tested.",
  operations: []
}

const losses = (history: History, elements: ReadonlyArray<SetFull.SetElement>): ReadonlyArray<Verdict.Anomaly> => {
  const counterparts = pairs(history)
  const byLooks = new Map<ClientOperation, ReadonlyMap<string, unknown>>()
  /** What the read holds that is the value but for its kind, as `"0"` is `0`. */
  const lookalike = (read: ClientOperation | undefined, value: unknown): unknown =>
    read && getOrInsert(byLooks, read, () => looksOf(read)).get(untyped(value))
  return elements.flatMap(({ value, outcome, known, lastAbsent }) => {
    if (outcome !== "lost" || known === undefined || lastAbsent === undefined) {
      return []
    }
    const read = counterparts.get(lastAbsent)
    const alike = lookalike(read, value)
    const proof = known.f === "broadcast" ? "was acknowledged" : "was read"
    return [
      {
        name: "lost",
        message:
          `The value ${canonical(value)} ${proof} (${known.index}), but the read invoked last (${lastAbsent.index}) ` +
          (alike === undefined ? "lacks it." : `has ${canonical(alike)} for it: ${kind(alike)} for ${kind(value)}.`),
        operations: [known, lastAbsent, ...(read === undefined ? [] : [read])]
      }
    ]
  })
}

const looksOf = ({ value }: ClientOperation): ReadonlyMap<string, unknown> =>
  new Map((Array.isArray(value) ? value : []).map((element: unknown) => [untyped(element), element]))
