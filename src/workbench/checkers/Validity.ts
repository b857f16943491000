/**
 * The three-valued validity of Jepsen's checkers.
 */
import { Schema } from "effect"

/** Right, wrong, or `"unknown"`: the history does not tell. */
export const Validity = Schema.Union([Schema.Boolean, Schema.Literal("unknown")])
export type Validity = typeof Validity.Type

/** The validity of a whole from that of its parts: the worst, where `false` is worse than `"unknown"`. */
export const merge = (parts: Iterable<Validity>): Validity => {
  let merged: Validity = true
  for (const part of parts) {
    if (part === false) {
      return false
    }
    merged = part === "unknown" ? part : merged
  }
  return merged
}
