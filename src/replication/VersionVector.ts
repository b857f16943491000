/**
 * A version vector: what a node has of every node's log, as the number of items from its beginning.
 *
 * After Parker et al., "Detection of Mutual Inconsistency in Distributed Systems" (1983).
 */
import { Schema } from "effect"

/**
 * A count, a sequence number or an index: all from 0. No node appends 2^40 items, which a million per second would be
 * in twelve days, so that a greater one is a forgery.
 */
export const Count = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 2 ** 40 }))

/** A count for each node, in the order of the cluster's node ids. */
export const VersionVector = Schema.Array(Count)
export type VersionVector = typeof VersionVector.Type

/** Has nothing of `size` nodes. */
export const empty = (size: number): Array<number> => Array.from({ length: size }, () => 0)

/** Whether both have the same. */
export const equals = (a: VersionVector, b: VersionVector): boolean => a.every((count, index) => count === b[index])

/** Whether `a` has something that `b` has not. */
export const isAhead = (a: VersionVector, b: VersionVector): boolean => a.some((count, index) => count > b[index]!)

/** Adds to `self`, in place, all that `other` has: the least upper bound, by element-wise maximum. */
export const merge = (self: Array<number>, other: VersionVector): void => {
  for (let i = 0; i < self.length; i++) {
    self[i] = Math.max(self[i]!, other[i]!)
  }
}

/** Takes from `self`, in place, all that `other` has not: the greatest lower bound, by element-wise minimum. */
export const meet = (self: Array<number>, other: VersionVector): void => {
  for (let i = 0; i < self.length; i++) {
    self[i] = Math.min(self[i]!, other[i]!)
  }
}
