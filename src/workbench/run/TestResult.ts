/**
 * Judges a test run: Maelstrom's verdict and figures, the official limits, and what a strict judge adds.
 */
import type { CompositeResults, Net } from "../checkers/Composite.ts"
import type { Anomaly } from "../checkers/Verdict.ts"
import { statistics } from "../network/Statistics.ts"
import { check, type WorkloadName, type WorkloadResults } from "../workloads/Workloads.ts"
import { checkLimits, type LimitResult, type Limits } from "./Limits.ts"
import { figures } from "./RunResults.ts"
import type { TestOptions } from "./TestOptions.ts"
import type { TestRecord } from "./TestProgram.ts"
import * as Unanswered from "./Unanswered.ts"

export interface TestResult<out Name extends WorkloadName = WorkloadName> {
  /** Whether the run passes: the checkers' verdict, the limits, and with `strict` the warnings as well. */
  readonly valid: boolean
  readonly results: TestResults<Name>
  /** Each official limit and what was measured. */
  readonly limits: ReadonlyArray<LimitResult>
  /** Why the checkers' verdict is invalid, with the fewest operations that show it. */
  readonly anomalies: ReadonlyArray<Anomaly>
  /** What Maelstrom would let through. */
  readonly warnings: ReadonlyArray<Anomaly>
}

/** The checkers' results, and what went over the network. */
export interface TestResults<out Name extends WorkloadName> extends CompositeResults<WorkloadResults<Name>> {
  readonly net: Net
}

/** Judges a test's record. */
export const judge = <Name extends WorkloadName>(
  workload: Name,
  options: TestOptions,
  record: TestRecord,
  { limits, strict = false }: { readonly limits?: Limits | undefined; readonly strict?: boolean } = {}
): TestResult<Name> => {
  const { anomalies, results: checked, validity, warnings: ofHistory } = check(workload, record.history, options)
  const warnings = [...Unanswered.warnings(record, options), ...ofHistory]
  const results = { ...checked, net: { ...statistics(record.journal, record.history), validity: true } }
  const limitResults = limits === undefined ? [] : checkLimits(limits, figures(workload, results))
  return {
    valid: validity === true && limitResults.every(({ ok }) => ok) && !(strict && warnings.length > 0),
    results,
    limits: limitResults,
    anomalies,
    warnings
  }
}
