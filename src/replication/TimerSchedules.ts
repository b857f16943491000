/**
 * Runs the timers of a replica: how long each one waits, by the policy of repair.
 */
import { Clock, Duration, Effect, FiberMap, FiberSet, Schedule, type Scope } from "effect"
import type { Timer } from "./Action.ts"
import type { RepairPolicy } from "./RepairPolicy.ts"

export interface TimerSchedules {
  /** Lets a timer fire after the next delay of its schedule, which `anew` begins again; without a delay, at once. */
  arm(timer: Timer, anew: boolean): Effect.Effect<void>
}

/** Timers that run `fire`; none does after the scope has closed. */
export const make = Effect.fnUntraced(function* (
  repair: RepairPolicy,
  fire: (timer: Timer) => Effect.Effect<void>
): Effect.fn.Return<TimerSchedules, never, Scope.Scope> {
  const { confirmAfter, confirmAtMost, gapAfter, quiet, unrest } = repair
  const gap = Schedule.spaced(gapAfter)
  const schedules: { readonly [timer in Timer]?: Schedule.Schedule<unknown> } = {
    quiet: Schedule.jittered(quiet),
    unrest: Schedule.jittered(Schedule.spaced(unrest)),
    confirm: backOff(confirmAfter, confirmAtMost),
    seek: Schedule.spaced(unrest),
    "catch up": backOff(gapAfter, unrest),
    fetch: backOff(gapAfter, unrest),
    given: Schedule.spaced(Duration.times(unrest, 10))
  }
  const steps = new Map<Timer, Effect.Success<ReturnType<typeof Schedule.toStep<unknown, unknown, never, never>>>>()
  const waiting = yield* FiberMap.make<Timer>()
  // Apart from those that wait, since a timer may be armed again by what happens when it fires.
  const firing = yield* FiberSet.make()

  return {
    arm: Effect.fnUntraced(function* (timer, anew) {
      if (anew || !steps.has(timer)) {
        steps.set(timer, yield* Schedule.toStep(schedules[timer] ?? gap))
      }
      const [, delay] = yield* Effect.orDie(steps.get(timer)!(yield* Clock.currentTimeMillis, undefined))
      if (Duration.isZero(delay)) {
        yield* fire(timer)
      } else {
        yield* FiberMap.run(waiting, timer, Effect.delay(FiberSet.run(firing, fire(timer)), delay))
      }
    })
  }
})

const backOff = (from: Duration.Duration, atMost: Duration.Duration) =>
  Schedule.min([Schedule.exponential(from), Schedule.spaced(atMost)])
