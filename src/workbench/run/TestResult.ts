/**
 * What a test run amounts to: Maelstrom's verdict and figures, the official limits, and what a strict judge adds.
 */
import type { Limits } from "./Limits.ts"
import { check, type WorkloadName } from "../workloads/Workloads.ts"
import type { Anomaly } from "../checkers/Verdict.ts"
import { statistics } from "../network/Statistics.ts"
import type { TestOptions } from "./TestOptions.ts"
import type { TestRecord } from "./TestProgram.ts"

export interface TestResult {
  /** Whether the run passes: the checkers' verdict, the limits, and with `strict` the warnings as well. */
  readonly valid: boolean
  /** Maelstrom's results under its own keys: `workload`, `net`, `availability`, `stats`, `exceptions`, `perf`. */
  readonly results: { readonly [key: string]: unknown }
  /** Each official limit and what was measured. */
  readonly limits: ReadonlyArray<LimitResult>
  /** Why the checkers' verdict is invalid, with the fewest operations that show it. */
  readonly anomalies: ReadonlyArray<Anomaly>
  /** What Maelstrom would let through. */
  readonly warnings: ReadonlyArray<Anomaly>
}

export interface LimitResult {
  readonly name: string
  readonly limit: number
  readonly measured: number | undefined
  readonly ok: boolean
}

/** Judges a test's record. */
export const judge = (
  workload: WorkloadName,
  options: TestOptions,
  record: TestRecord,
  { limits, strict = false }: { readonly limits?: Limits | undefined; readonly strict?: boolean } = {}
): TestResult => {
  const verdict = check(workload, record.history, options)
  const net = { ...statistics(record.journal, record.history), "valid?": true }
  const results = { ...verdict.results, net }
  const checked = limits === undefined ? [] : checkLimits(limits, results)
  return {
    valid: verdict.valid && checked.every(({ ok }) => ok) && !(strict && verdict.warnings.length > 0),
    results,
    limits: checked,
    anomalies: verdict.anomalies,
    warnings: verdict.warnings
  }
}

/** Each limit, and what results under Maelstrom's keys say was measured. */
export const checkLimits = (limits: Limits, results: { readonly [key: string]: any }): ReadonlyArray<LimitResult> => {
  const latencies = results["workload"]?.["stable-latencies"]
  return [
    below("server messages an operation", limits.serverMessagesPerOperation, results["net"]?.servers?.["msgs-per-op"]),
    below("median latency (ms)", limits.stableLatencyMillis.median, latencies?.["0.5"]),
    below("maximum latency (ms)", limits.stableLatencyMillis.maximum, latencies?.["1"])
  ]
}

const below = (name: string, limit: number, measured: number | undefined): LimitResult => ({
  name,
  limit,
  measured,
  ok: measured !== undefined && measured < limit
})
