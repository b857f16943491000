/**
 * How a node finds out what it missed, and what others missed of it.
 */
import { Duration, Schedule } from "effect"

export interface Repair {
  /**
   * When a node that has learned nothing new compares versions with a random other node; begins anew whenever it learns
   * something. Jittered.
   */
  readonly quiet: Schedule.Schedule<unknown>

  /** How long a node that knows of an item which it lacks waits for it before it asks. Longer than a message's way. */
  readonly gapAfter: Duration.Duration

  /**
   * How long a node waits for a sign that somebody has what it sent, before it asks for one, and then gives up on a node
   * that everything depends on. Longer than a message's way there and back.
   */
  readonly confirmAfter: Duration.Duration

  /** The most items in one message. */
  readonly maxItems: number
}

/**
 * Fits the networks of the challenges, with 100 ms a hop at most: in a quiet cluster, each node sends a message after 2 s,
 * 4 s more, and then every 5 s.
 */
export const standard: Repair = {
  quiet: Schedule.min([Schedule.exponential("2 seconds"), Schedule.spaced("5 seconds")]),
  gapAfter: Duration.millis(300),
  confirmAfter: Duration.seconds(1),
  maxItems: 1_000
}
