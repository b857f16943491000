/**
 * What a checker says of a history.
 */
import type { Operation } from "../history/Operation.ts"

/**
 * - `valid`: whether the history satisfies what the workload promises, as Maelstrom judges it.
 * - `results`: the key figures, under Maelstrom's own keys (`stable-latencies`, `lost-count`, `anomaly-types`, …),
 *   plain JSON data.
 * - `anomalies`: for an invalid verdict, the smallest set of operations that shows each problem.
 * - `warnings`: what Maelstrom lets through though it is a bug. They make a run invalid only under `--strict`.
 */
export interface Verdict {
  readonly valid: boolean
  readonly results: { readonly [key: string]: unknown }
  readonly anomalies: ReadonlyArray<Anomaly>
  readonly warnings: ReadonlyArray<Anomaly>
}

/**
 * One named problem with the operations that show it.
 *
 * - `name`: the anomaly's name in the literature or in Maelstrom's results, in kebab case (`lost`, `G1a`).
 * - `message`: one sentence in plain words, with the values concerned.
 * - `operations`: the fewest entries that prove it, in history order.
 */
export interface Anomaly {
  readonly name: string
  readonly message: string
  readonly operations: ReadonlyArray<Operation>
}
