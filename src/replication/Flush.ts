/**
 * Flush policies: when a node pushes what is new, at once or in batches. A schedule says how long to wait from the
 * moment when there is something to send.
 */
import { Duration, Effect, Schedule } from "effect"

export interface Flush {
  /** For a node that sends its own items only to few others. */
  readonly leaf: Schedule.Schedule<unknown>
  /** For a node that passes on what many others send it: the hub of a star. */
  readonly hub: Schedule.Schedule<unknown>
}

/** At once: the lowest latency, a message per item and target. */
export const immediately: Flush = { leaf: Schedule.forever, hub: Schedule.forever }

/** A while after the first item that waits, so that others can join it. */
export const after = (delay: Duration.Input): Flush => ({ leaf: Schedule.spaced(delay), hub: Schedule.spaced(delay) })

/**
 * At fixed points of the wall clock, the same at all nodes without a word between them: multiples of `period`, and for
 * the hub of a star `hubAfter` later, when what the others sent has arrived: by default 100 ms for the hop, and some
 * time to spare. A clock that is off costs latency and nothing else.
 */
export const onGrid = (period: Duration.Input, hubAfter: Duration.Input = "115 millis"): Flush => ({
  leaf: grid(Duration.toMillis(period), 0),
  hub: grid(Duration.toMillis(period), Duration.toMillis(hubAfter))
})

const grid = (periodMillis: number, phaseMillis: number): Schedule.Schedule<void> =>
  Schedule.fromStep(
    Effect.succeed((nowMillis: number) => {
      const sinceLast = (((nowMillis - phaseMillis) % periodMillis) + periodMillis) % periodMillis
      return Effect.succeed([undefined, Duration.millis(periodMillis - sinceLast)] as [void, Duration.Duration])
    })
  )
