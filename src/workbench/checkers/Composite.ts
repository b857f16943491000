/**
 * Composite checker: joins the verdict on a workload with those on what every test has.
 */
import { Schema } from "effect"
import { Traffic } from "../network/Statistics.ts"
import * as Availability from "./Availability.ts"
import type { Checker } from "./CheckOptions.ts"
import * as Exceptions from "./Exceptions.ts"
import * as JepsenKeys from "../json/JepsenKeys.ts"
import * as Latency from "./Latency.ts"
import * as Stats from "./Stats.ts"
import { merge, Validity } from "./Validity.ts"
import type { CheckerResults, Verdict } from "./Verdict.ts"

/**
 * What a checker says that came to no results, as Jepsen's do after an exception: whatever else there is in it is kept.
 */
const Inconclusive = JepsenKeys.struct({ validity: Validity, error: Schema.optionalKey(Schema.Unknown) })
export interface Inconclusive extends Schema.Schema.Type<typeof Inconclusive> {}

/** What went over the network, which no history tells. */
export const Net = JepsenKeys.struct({ all: Traffic, clients: Traffic, servers: Traffic, validity: Validity })
export interface Net extends Schema.Schema.Type<typeof Net> {}

const part = <A>(results: JepsenKeys.Results<A>) => Schema.Union([results, Inconclusive])

/**
 * The results of a run, `workload` those of a workload. Of Maelstrom's any part may be missing or inconclusive.
 */
export const Results = <Workload>(workload: JepsenKeys.Results<Workload>) =>
  JepsenKeys.struct({
    perf: Schema.optionalKey(part(Latency.Results)),
    exceptions: Schema.optionalKey(part(Exceptions.Results)),
    stats: Schema.optionalKey(part(Stats.Results)),
    availability: Schema.optionalKey(part(Availability.Results)),
    workload: Schema.optionalKey(part(workload)),
    validity: Validity,
    net: Schema.optionalKey(part(Net))
  })

/** The results of a run, as our own checkers give them. */
export interface CompositeResults<out Workload> extends CheckerResults {
  readonly perf: Latency.Results
  readonly exceptions: Exceptions.Results
  readonly stats: Stats.Results
  readonly availability: Availability.Results
  readonly workload: Workload
}

/** What a workload adds to the checkers that all share. */
interface Part<Results extends CheckerResults> {
  readonly check: Checker<Results>
  /** Functions that need not succeed, see `Stats.check`. */
  readonly neverSucceeds?: ReadonlyArray<string>
}

/**
 * Joins the checker of a workload with those that every workload shares. A run is as valid as the worst of its parts.
 *
 * After `maelstrom.core/maelstrom-test`. What Maelstrom counts of the network is not in a history, and so not here.
 */
export const composite =
  <Workload extends CheckerResults>({ check, neverSucceeds }: Part<Workload>): Checker<CompositeResults<Workload>> =>
  (history, options) => {
    const parts = {
      perf: Latency.check(history),
      exceptions: Exceptions.check(history, options),
      stats: Stats.check(history, neverSucceeds),
      availability: Availability.check(history, options),
      workload: check(history, options)
    }
    const verdicts: ReadonlyArray<Verdict> = Object.values(parts)
    const validity = merge(verdicts.map((verdict) => verdict.validity))
    return {
      validity,
      results: {
        perf: parts.perf.results,
        exceptions: parts.exceptions.results,
        stats: parts.stats.results,
        availability: parts.availability.results,
        workload: parts.workload.results,
        validity
      },
      anomalies: verdicts.flatMap(({ anomalies }) => anomalies),
      warnings: verdicts.flatMap(({ warnings }) => warnings)
    }
  }
