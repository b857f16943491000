/**
 * Measurements: the figures that strategies are compared by.
 */
import { Record } from "effect"
import type { Quantiles } from "../../workbench/checkers/Quantiles.ts"
import { checkLimits, type Limits } from "../../workbench/run/Limits.ts"
import * as RunResults from "../../workbench/run/RunResults.ts"
import { type TestReport, type VerdictWord, verdict } from "../report/TestReport.ts"
import { frontier } from "./ParetoFrontier.ts"

/** One strategy in a comparison, as `--json` prints it, a line each. null stands for what a run has no figure of. */
export interface Measurement {
  readonly challenge: string | null
  readonly strategy: string
  readonly seed: number | null
  readonly verdict: VerdictWord
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
 * `stable`: from a value's acknowledgement until all nodes show it. `operation`: of successful operations, of the kind
 * that takes longest where there are several.
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
  const figures = RunResults.figures(report.workload, report.results)
  const latencyMillis = stable(figures) ?? slowestOperation(figures)
  return {
    challenge: report.challenge,
    strategy: name,
    seed: report.seed,
    verdict: verdict(report),
    messagesPerOperation: figures.serverMessagesPerOperation ?? null,
    charactersPerOperation: figures.serverCharactersPerOperation ?? null,
    latencyMillis,
    availability: figures.okFraction ?? null,
    within: Record.toEntries(limits).flatMap(([id, limit]) => {
      const checked = checkLimits(limit, { ...figures, stableLatencyMillis: latencyMillis ?? undefined })
      return report.valid && checked.every(({ ok }) => ok) ? [id] : []
    })
  }
}

const stable = ({ stableLatencyMillis }: RunResults.Figures): LatencyMillis | undefined =>
  stableLatencyMillis && latencies("stable", stableLatencyMillis)

const slowestOperation = ({ operationLatencyMillis }: RunResults.Figures): LatencyMillis | null =>
  Object.values(operationLatencyMillis)
    .map((quantiles) => latencies("operation", quantiles))
    .reduce<LatencyMillis | null>((slowest, next) => {
      return slowest === null || next.median > slowest.median ? next : slowest
    }, null)

const latencies = (kind: LatencyMillis["kind"], { maximum, median, p99 }: Quantiles): LatencyMillis => ({
  kind,
  median,
  p99,
  maximum
})
