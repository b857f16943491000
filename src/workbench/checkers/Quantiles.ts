/**
 * Quantiles by the nearest rank, as Jepsen computes them.
 */

/** The points at which Jepsen reports how latencies are distributed. */
export const distributionPoints = [0, 0.5, 0.95, 0.99, 1] as const

/**
 * The values at the given points (0 is the least, 1 the greatest) of a non-empty sample, by the points as text.
 *
 * The value at `q` is the one at place `⌊n·q⌋` of the sorted sample: always a value that occurred.
 */
export const quantiles = (
  points: ReadonlyArray<number>,
  sample: ReadonlyArray<number>
): { readonly [point: string]: number } => {
  const sorted = Float64Array.from(sample).toSorted()
  return Object.fromEntries(
    points.map((point) => [
      String(point),
      sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * point))] ?? Number.NaN
    ])
  )
}
