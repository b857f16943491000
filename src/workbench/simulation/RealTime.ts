/**
 * Runs a timeline in real time, by timers, for nodes that are processes of their own.
 */
import { Clock, Duration, Effect, FiberSet, type Scope } from "effect"
import * as EventQueue from "./EventQueue.ts"
import type { Timeline } from "./Timeline.ts"

/**
 * Begins at time 0, on the monotonic time of the current `Clock`. What has not happened when the scope closes never
 * does.
 *
 * Events happen in the order in which they are due, and to the millisecond when they are due: timers are no finer. What
 * is due within half a millisecond waits for no timer but for the scheduler's next turn, and all that does so waits for
 * the same one.
 */
export const make: Effect.Effect<Timeline, never, Scope.Scope> = Effect.gen(function* () {
  const clock = yield* Clock.Clock
  const run = yield* FiberSet.makeRuntime()
  const beganNanos = clock.monotonicTimeNanosUnsafe()
  const nowNanos = () => Number(clock.monotonicTimeNanosUnsafe() - beganNanos)

  let soon: Array<() => void> = []
  const runSoon = Effect.andThen(
    Effect.yieldNow,
    Effect.sync(() => {
      const events = soon
      soon = []
      for (const event of events) {
        event()
      }
    })
  )

  // Each event has a timer, but timers end in no certain order: one that ends says that the soonest event is due.
  const later = EventQueue.make()
  const runSoonest = Effect.sync(() => later.take()?.run?.())

  return {
    nowNanos,
    after: (delayNanos, event) => {
      if (delayNanos >= halfMilliNanos) {
        later.add(nowNanos() + delayNanos, event)
        run(Effect.andThen(clock.sleep(Duration.millis(delayNanos / nanosPerMilli)), runSoonest))
      } else if (soon.push(event) === 1) {
        run(runSoon)
      }
    }
  }
})

const nanosPerMilli = 1_000_000
const halfMilliNanos = 500_000
