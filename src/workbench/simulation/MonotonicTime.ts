/**
 * Reads the monotonic clock, and sleeps until it tells a certain time.
 *
 * As numbers, which are exact for a hundred days of nanoseconds: for loops that compute when something is due, where
 * `BigInt` and `Duration` would cost more than what they pace.
 */
import { Duration, Effect } from "effect"

/** Nanoseconds on the current clock's monotonic time, since whenever that began. */
export const nowNanos: Effect.Effect<number> = Effect.clockWith((clock) =>
  Effect.sync(() => Number(clock.monotonicTimeNanosUnsafe()))
)

/** Waits until {@link nowNanos} is `nanos` or a little more. It does not yield if it is that already. */
export const sleepUntil = (nanos: number): Effect.Effect<void> =>
  Effect.flatMap(nowNanos, (now) =>
    nanos > now ? Effect.sleep(Duration.nanos(BigInt(Math.ceil(nanos - now)))) : Effect.void
  )

/** A duration as a number of nanoseconds, to be added to {@link nowNanos}. It may be infinite. */
export const toNanos = (duration: Duration.Duration): number => Duration.toSeconds(duration) * 1e9
