/**
 * Quantiles by the nearest rank, as Jepsen computes them.
 */
import { Schema } from "effect"
import * as JepsenKeys from "../json/JepsenKeys.ts"

/** How a sample is distributed, at the points at which Jepsen reports latencies. */
export const Quantiles = JepsenKeys.struct(
  {
    minimum: Schema.Number,
    median: Schema.Number,
    p95: Schema.Number,
    p99: Schema.Number,
    maximum: Schema.Number
  },
  { keys: { minimum: "0", median: "0.5", p95: "0.95", p99: "0.99", maximum: "1" } }
)
export interface Quantiles extends Schema.Schema.Type<typeof Quantiles> {}

/**
 * The quantiles of a non-empty sample. The value at `q` is the one at index `⌊n·q⌋` of the sorted sample: always a
 * value that occurred.
 */
export const quantiles = (sample: ReadonlyArray<number>): Quantiles => {
  const sorted = Float64Array.from(sample).toSorted()
  const at = (point: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * point))] ?? Number.NaN
  return { minimum: at(0), median: at(0.5), p95: at(0.95), p99: at(0.99), maximum: at(1) }
}
