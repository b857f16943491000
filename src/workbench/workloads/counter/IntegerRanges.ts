/**
 * Sets of integers as ascending, disjoint, inclusive ranges that do not touch.
 */

/** The integers from the first to the second, both included. */
export type IntegerRange = readonly [lower: number, upper: number]

/** A set of integers. */
export type IntegerRanges = ReadonlyArray<IntegerRange>

/** The set of one integer. */
export const of = (value: number): IntegerRanges => [[value, value]]

/** Whether the set holds a value. */
export const contains = (ranges: IntegerRanges, value: unknown): boolean =>
  typeof value === "number" &&
  Number.isInteger(value) &&
  ranges.some(([lower, upper]) => lower <= value && value <= upper)

/**
 * The set together with itself moved by `delta`: the sums that are possible after an addition that may or may not have
 * taken place. Takes time linear in the number of ranges, of which there are no more than the span of the set allows.
 */
export const withShifted = (ranges: IntegerRanges, delta: number): IntegerRanges =>
  delta === 0 ? ranges : union(ranges, shifted(ranges, delta))

/** The set of all that may be moved by `delta`. */
const shifted = (ranges: IntegerRanges, delta: number): IntegerRanges =>
  ranges.map(([lower, upper]) => [lower + delta, upper + delta])

const union = (left: IntegerRanges, right: IntegerRanges): IntegerRanges => {
  const merged: Array<[lower: number, upper: number]> = []
  let [fromLeft, fromRight] = [0, 0]
  while (fromLeft < left.length || fromRight < right.length) {
    const [nextLeft, nextRight] = [left[fromLeft], right[fromRight]]
    const takesLeft = nextRight === undefined || (nextLeft !== undefined && nextLeft[0] <= nextRight[0])
    const next = takesLeft ? nextLeft : nextRight
    if (next === undefined) {
      break
    }
    const last = merged.at(-1)
    if (last !== undefined && next[0] <= last[1] + 1) {
      last[1] = Math.max(last[1], next[1])
    } else {
      merged.push([next[0], next[1]])
    }
    fromLeft += takesLeft ? 1 : 0
    fromRight += takesLeft ? 0 : 1
  }
  return merged
}
