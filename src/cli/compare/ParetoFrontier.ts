/**
 * Pareto frontier: the points that no other beats in both of two figures.
 */

/** Two figures of which less is better. */
export interface Point {
  readonly messages: number
  readonly latency: number
}

/**
 * The Pareto frontier: the points than which none is at least as good in both figures and better in one. In the order
 * in which they were given.
 */
export const frontier = <P extends Point>(points: ReadonlyArray<P>): ReadonlyArray<P> =>
  points.filter((point) => !points.some((other) => dominates(other, point)))

const dominates = (a: Point, b: Point): boolean =>
  a.messages <= b.messages && a.latency <= b.latency && (a.messages < b.messages || a.latency < b.latency)
