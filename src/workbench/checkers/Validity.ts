/**
 * The three-valued `valid?` of Jepsen's checkers.
 */

/** Right, wrong, or `"unknown"`: the history does not tell. */
export type Validity = boolean | "unknown"

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
