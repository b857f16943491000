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
  readonly now: Effect.Effect<Timestamp>
  /** Learns of another node's timestamp. */
  observe(other: Timestamp): void
}

/** Begins with the wall clock of the fiber that asks. */
export const make = (): HybridLogicalClock => {
  let last: Timestamp = [0, 0]
  return {
    now: Effect.map(Clock.currentTimeMillis, (wall) => {
      const millis = Math.trunc(wall)
      last = millis > last[0] ? [millis, 0] : [last[0], last[1] + 1]
      return last
    }),
    observe: (other) => {
      if (compare(other, last) > 0) {
        last = other
      }
    }
  }
}

/** Negative if `a` is before `b`, positive if it is after. */
export const compare = (a: Timestamp, b: Timestamp): number => a[0] - b[0] || a[1] - b[1]
