/**
 * Merges offsets by maximum: of each log the highest that any of them names.
 */
import type { Offsets } from "../../protocol/Kafka.ts"

/** The highest offset of each key. */
export const highest = (all: Iterable<Offsets>): Offsets => {
  const merged = new Map<string, number>()
  for (const offsets of all) {
    for (const [key, offset] of Object.entries(offsets)) {
      merged.set(key, Math.max(offset, merged.get(key) ?? offset))
    }
  }
  return Object.fromEntries(merged)
}
