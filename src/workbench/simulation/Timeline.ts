/**
 * Schedules the events of a test, in virtual or in real time.
 */

/** A clock, and a way to let something happen later. It may be simulated or real. */
export interface Timeline {
  /** Nanoseconds since the timeline began. */
  nowNanos(): number

  /**
   * Runs `event` when `delayNanos` have passed. Events of the same instant happen in the order in which they were set.
   */
  after(delayNanos: number, event: () => void): void
}
