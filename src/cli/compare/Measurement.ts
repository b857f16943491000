/**
 * What a strategy achieved: the figures of its run that others are compared by.
 */
import { Predicate } from "effect"
import type { Limits } from "../../workbench/run/Limits.ts"
import { type TestReport, verdict } from "../report/TestReport.ts"
import { frontier } from "./ParetoFrontier.ts"

/** One strategy in a comparison, as `--json` prints it, a line each. null stands for what a run has no figure of. */
export interface Measurement {
  readonly challenge: string | null
  readonly strategy: string
  readonly seed: number | null
  readonly verdict: string
  /** Messages between servers, and the characters in them, for each operation of a client. */
  readonly messagesPerOperation: number | null
  readonly charactersPerOperation: number | null
  readonly latencyMillis: LatencyMillis | null
  /** The fraction of operations that succeeded. */
  readonly availability: number | null
  /** The challenges whose limits hold. */
  readonly within: ReadonlyArray<string>
  /** Whether no other valid run has both fewer messages and a lower median latency, see `ParetoFrontier`. */
  readonly frontier: boolean
}

/**
 * `stable`: from a value's acknowledgement until all nodes show it. `operation`: of successful operations, of the kind that
 * takes longest where there are several.
 */
export interface LatencyMillis {
  readonly kind: "stable" | "operation"
  readonly median: number
  readonly p99: number
  readonly maximum: number
}

/** A strategy's name and the report of its run. */
export interface Result {
  readonly name: string
  readonly report: TestReport
}

/** The measurements of all runs, the fewest messages first. */
export const compare = (
  results: ReadonlyArray<Result>,
  limits: { readonly [challenge: string]: Limits }
): ReadonlyArray<Measurement> => {
  const measured = results.map((result) => measure(result, limits))
  const best = new Set(frontier(measured.flatMap(pointOf)).map(({ name }) => name))
  return measured
    .toSorted(
      (a, b) =>
        (a.messagesPerOperation ?? Infinity) - (b.messagesPerOperation ?? Infinity) ||
        (a.latencyMillis?.median ?? Infinity) - (b.latencyMillis?.median ?? Infinity)
    )
    .map((figures) => Object.assign(figures, { frontier: best.has(figures.strategy) }))
}

const pointOf = ({ latencyMillis, messagesPerOperation, strategy, verdict }: Figures) =>
  verdict === "valid" && latencyMillis !== null && messagesPerOperation !== null
    ? [{ name: strategy, messages: messagesPerOperation, latency: latencyMillis.median }]
    : []

/** A measurement on its own, without the others. */
type Figures = Omit<Measurement, "frontier">

const measure = ({ name, report }: Result, limits: { readonly [challenge: string]: Limits }): Figures => {
  const { results } = report
  const messages = numberAt(results, "net", "servers", "msgs-per-op")
  const latency = stable(results) ?? slowestOperation(results)
  return {
    challenge: report.challenge,
    strategy: name,
    seed: report.seed,
    verdict: verdict(report),
    messagesPerOperation: messages,
    charactersPerOperation: numberAt(results, "net", "servers", "chars-per-op"),
    latencyMillis: latency,
    availability: numberAt(results, "availability", "ok-fraction"),
    within: Object.entries(limits).flatMap(([id, { serverMessagesPerOperation, stableLatencyMillis }]) =>
      report.valid &&
      messages !== null &&
      latency !== null &&
      messages < serverMessagesPerOperation &&
      latency.median < stableLatencyMillis.median &&
      latency.maximum < stableLatencyMillis.maximum
        ? [id]
        : []
    )
  }
}

const stable = (results: unknown): LatencyMillis | undefined =>
  latencies("stable", valueAt(results, "workload", "stable-latencies"))

const slowestOperation = (results: unknown): LatencyMillis | null => {
  const byFunction = valueAt(results, "perf", "latency-graph", "by-f")
  return Object.values(Predicate.isObject(byFunction) ? byFunction : {})
    .flatMap((outcomes) => latencies("operation", valueAt(outcomes, "ok")) ?? [])
    .reduce<LatencyMillis | null>((slowest, next) => {
      return slowest === null || next.median > slowest.median ? next : slowest
    }, null)
}

const latencies = (kind: LatencyMillis["kind"], quantiles: unknown): LatencyMillis | undefined => {
  const median = numberAt(quantiles, "0.5")
  const p99 = numberAt(quantiles, "0.99")
  const maximum = numberAt(quantiles, "1")
  return median === null || p99 === null || maximum === null ? undefined : { kind, median, p99, maximum }
}

const valueAt = (value: unknown, ...path: ReadonlyArray<string>): unknown =>
  path.reduce((inner, key) => (Predicate.hasProperty(inner, key) ? inner[key] : undefined), value)

const numberAt = (value: unknown, ...path: ReadonlyArray<string>): number | null => {
  const found = valueAt(value, ...path)
  return Predicate.isNumber(found) ? found : null
}
