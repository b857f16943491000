/**
 * Runs the timer of the next flush, by the flush policy.
 */
import { Clock, Duration, Effect, FiberSet, Schedule, type Scope } from "effect"
import type { News } from "./Action.ts"
import type { Flush } from "./Flush.ts"

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
  let isScheduled = false
  const later = Effect.suspend(() => {
    isScheduled = false
    return fire
  })

  return {
    schedule: Effect.fnUntraced(function* (as, _news) {
      if (isScheduled) {
        return
      }
      const [, delay] = yield* Effect.orDie(next[as](yield* Clock.currentTimeMillis, undefined))
      if (Duration.isZero(delay)) {
        yield* fire
      } else {
        isScheduled = true
        yield* FiberSet.run(flushes, Effect.delay(later, delay))
      }
    })
  }
})
