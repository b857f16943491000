/**
 * Many measurements in three numbers.
 */
import { Array, Order } from "effect"

/** The smallest, the middle (the lower of two) and the largest of at least one measurement. */
export const summary = (values: ReadonlyArray<number>) => {
  const sorted = Array.sort(values, Order.Number)
  return { min: sorted[0]!, median: sorted[(sorted.length - 1) >> 1]!, max: sorted[sorted.length - 1]! }
}
