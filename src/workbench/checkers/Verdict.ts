/**
 * Verdict: what a checker finds out about a history.
 */
import { Schema } from "effect"
import { RecordedOperation } from "../history/Operation.ts"
import type { Validity } from "./Validity.ts"

/**
 * One named problem with the operations that show it.
 *
 * - `name`: the anomaly's name in the literature or in Maelstrom's results, in kebab case (`lost`, `G1a`).
 * - `message`: one sentence in plain words, with the values concerned.
 * - `operations`: the fewest entries that prove it, in history order.
 */
export const Anomaly = Schema.Struct({
  name: Schema.String,
  message: Schema.String,
  operations: Schema.Array(RecordedOperation)
})
export interface Anomaly extends Schema.Schema.Type<typeof Anomaly> {}

/** Key figures of a checker. Each checker has a schema of its own, which encodes them under Maelstrom's keys. */
export interface CheckerResults {
  readonly validity: Validity
}

/**
 * - `validity`: whether the history satisfies what the workload promises, as Maelstrom judges it.
 * - `results`: the key figures.
 * - `anomalies`: for a verdict that is not valid, the smallest set of operations that shows each problem.
 * - `warnings`: what Maelstrom lets through though it is a bug. They make a run invalid only under `--strict`.
 */
export interface Verdict<out Results extends CheckerResults = CheckerResults> {
  readonly validity: Validity
  readonly results: Results
  readonly anomalies: ReadonlyArray<Anomaly>
  readonly warnings: ReadonlyArray<Anomaly>
}

/** The verdict that some results amount to. */
export const make = <Results extends CheckerResults>(
  results: Results,
  { anomalies = [], warnings = [] }: Partial<Pick<Verdict, "anomalies" | "warnings">> = {}
): Verdict<Results> => ({ validity: results.validity, results, anomalies, warnings })
