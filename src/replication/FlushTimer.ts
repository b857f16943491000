/**
 * Runs the timer of the next flush, by the flush policy.
 */
import { Clock, Duration, Effect, FiberSet, Schedule, type Scope } from "effect"
import type { Flush, News } from "./Flush.ts"

export interface FlushTimer {
  /** There is something new: flushes when the schedule of this kind of node says so, or at the flush that is due. */
  schedule(as: keyof Flush, news: News): Effect.Effect<void>
}

/** Runs `fire` for each flush; never after the scope has closed. */
export const make = Effect.fnUntraced(function* (
  flush: Flush,
  fire: Effect.Effect<void>
): Effect.fn.Return<FlushTimer, never, Scope.Scope> {
  const flushes = yield* FiberSet.make<void>()
  const next = { leaf: yield* Schedule.toStep(flush.leaf), hub: yield* Schedule.toStep(flush.hub) }
  let dueMillis = Number.POSITIVE_INFINITY
  const later = Effect.andThen(
    takeInArrivals,
    Effect.suspend(() => {
      dueMillis = Number.POSITIVE_INFINITY
      return fire
    })
  )

  return {
    schedule: Effect.fnUntraced(function* (as, news) {
      const nowMillis = yield* Clock.currentTimeMillis
      const [, delay] = yield* Effect.orDie(next[as](nowMillis, news))
      if (Duration.isZero(delay)) {
        return yield* fire
      }
      // A later flush that is scheduled already stays, and sends what is new by then.
      const due = nowMillis + Duration.toMillis(delay)
      if (due < dueMillis) {
        dueMillis = due
        yield* FiberSet.run(flushes, Effect.delay(later, delay))
      }
    })
  }
})

/**
 * A turn of the event loop. A process that was not run for a while runs the timers that have ended meanwhile before it
 * reads what has arrived, which would then miss the flush.
 */
const takeInArrivals = Effect.yieldNow
