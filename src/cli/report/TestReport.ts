/**
 * What is said of one run.
 */
import type { WorkloadName } from "../../workbench/workloads/Workloads.ts"
import type { LimitResult } from "../../workbench/run/TestResult.ts"
import { parse } from "../../workbench/json/ExactNumber.ts"
import type { Evidence } from "../../workbench/run/Evidence.ts"

/** A run and its verdict, as `--json` prints it, a line each. */
export interface TestReport {
  /** The challenge's id; null for a workload alone. */
  readonly challenge: string | null
  readonly workload: WorkloadName
  /** The strategy of our own nodes; null for a program of somebody else's. */
  readonly strategy: string | null
  /** null for a history that was saved. */
  readonly seed: number | null
  readonly valid: boolean
  /** How long it took in real time, in milliseconds. */
  readonly wallMillis: number
  /** Under Maelstrom's keys. */
  readonly results: { readonly [key: string]: unknown }
  readonly limits: ReadonlyArray<LimitResult>
  /** What Maelstrom would let through; it counts against the run only if `strict`. */
  readonly warnings: ReadonlyArray<Evidence>
  readonly strict: boolean
  /** Why the run is invalid. */
  readonly anomalies: ReadonlyArray<Evidence>
  /** The folder with all that the run left behind. */
  readonly stored?: string
}

/** The report as one line of JSON. */
export const encode = (report: TestReport): string => JSON.stringify(report)

/** Reads what {@link encode} wrote. */
export const decode = (line: string): TestReport => parse(line) as TestReport

/** The verdict in a word. */
export const verdict = ({ limits, results, valid }: TestReport): string => {
  if (valid) {
    return "valid"
  }
  if (results["valid?"] === "unknown") {
    return "unknown"
  }
  return results["valid?"] === true && limits.some(({ ok }) => !ok) ? "over limit" : "invalid"
}
