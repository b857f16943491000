/**
 * A hybrid logical clock: timestamps that follow the wall clock where they can and causality always. Whatever a node
 * had observed when it took one has a smaller one, whether or not the nodes' clocks agree.
 *
 * After Kulkarni et al., "Logical Physical Clocks" (2014).
 */
import { Clock, Effect, Schema } from "effect"

/**
 * Milliseconds of the wall clock (the physical part), and a count among those of one millisecond (the logical part).
 */
export const Timestamp = Schema.Tuple([Schema.Int, Schema.Int])
export type Timestamp = typeof Timestamp.Type

export interface HybridLogicalClock {
  /** A timestamp above all that were taken here or observed. */
  now(): Timestamp
  /**
   * Learns of another node's timestamp, unless it is further ahead of this node's wall clock than clocks can differ:
   * then it is a forgery, and false. Who believed it would have all timestamps to come that far ahead.
   */
  observe(other: Timestamp): boolean
}

/** Begins with the wall clock of the fiber that asks. */
export const make: Effect.Effect<HybridLogicalClock> = Effect.map(Clock.Clock, (wallClock): HybridLogicalClock => {
  let last: Timestamp = [0, 0]
  const wallMillis = () => Math.trunc(wallClock.currentTimeMillisUnsafe())
  return {
    now: () => {
      const millis = wallMillis()
      last = millis > last[0] ? [millis, 0] : [last[0], last[1] + 1]
      return last
    },
    observe: (other) => {
      if (other[0] > Math.max(wallMillis(), last[0]) + mostAheadMillis) {
        return false
      }
      if (compare(other, last) > 0) {
        last = other
      }
      return true
    }
  }
})

/** How far ahead another node's clock may be: an hour, more than one that anybody looks after. */
const mostAheadMillis = 3_600_000

/** Negative if `a` is before `b`, positive if it is after. */
export const compare = (a: Timestamp, b: Timestamp): number => a[0] - b[0] || a[1] - b[1]
