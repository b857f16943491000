/**
 * A set of JSON values: those that a node has heard of.
 */
import type { Schema } from "effect"
import { MutableHashSet } from "effect"

/**
 * A set of JSON values, compared by what they contain rather than by identity, with all values at hand as an array in
 * the order in which they were added.
 */
export interface ValueSet {
  readonly values: ReadonlyArray<Schema.Json>
  has(value: Schema.Json): boolean
  /** Adds a value; true if it is new. */
  add(value: Schema.Json): boolean
}

/** Starts empty. */
export const make = (): ValueSet => {
  const seen = MutableHashSet.empty<Schema.Json>()
  const values: Array<Schema.Json> = []
  return {
    values,
    has: (value) => MutableHashSet.has(seen, value),
    add: (value) => {
      if (MutableHashSet.has(seen, value)) {
        return false
      }
      MutableHashSet.add(seen, value)
      values.push(value)
      return true
    }
  }
}
