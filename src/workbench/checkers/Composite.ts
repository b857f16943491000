/**
 * The overall verdict on a test run.
 */
import * as Availability from "./Availability.ts"
import type { Checker } from "./CheckOptions.ts"
import * as Exceptions from "./Exceptions.ts"
import * as Latency from "./Latency.ts"
import * as Stats from "./Stats.ts"
import { merge, type Validity } from "./Validity.ts"
import type { Verdict } from "./Verdict.ts"

/**
 * Joins the checker of a workload with those that every workload shares, under the names that they have in Maelstrom's
 * results: `perf`, `exceptions`, `stats`, `availability`, `workload`. A run is as valid as the worst of its parts.
 *
 * After `maelstrom.core/maelstrom-test`. What Maelstrom counts of the network is not in a history, and so not here.
 */
export const composite =
  (workload: Checker): Checker =>
  (history, options) =>
    join({
      perf: Latency.check(history),
      exceptions: Exceptions.check(history, options),
      stats: Stats.check(history),
      availability: Availability.check(history, options),
      workload: workload(history, options)
    })

const join = (parts: { readonly [name: string]: Verdict }): Verdict => {
  const verdicts = Object.values(parts)
  const validity = merge(verdicts.map(validityOf))
  return {
    valid: validity === true,
    results: {
      ...Object.fromEntries(Object.entries(parts).map(([name, verdict]) => [name, verdict.results])),
      "valid?": validity
    },
    anomalies: verdicts.flatMap(({ anomalies }) => anomalies),
    warnings: verdicts.flatMap(({ warnings }) => warnings)
  }
}

const validityOf = ({ valid, results }: Verdict): Validity => (results["valid?"] === "unknown" ? "unknown" : valid)
