/**
 * Work that recurs. Everything periodic in a node goes through here, so that it ends with the scope it belongs to, is
 * visible in one place, and follows the clock that the node was given.
 */
import { Context, Effect, Layer, Schedule, type Scope } from "effect"

export class Timers extends Context.Service<
  Timers,
  {
    /**
     * Runs `effect` whenever `schedule` says, for the first time after the schedule's first delay, until the scope
     * closes. One run begins only when the last is over. A run that fails or dies is logged; the timer goes on. The
     * schedule's input is what the effect succeeded with.
     *
     * With `jitter`, every delay is drawn from 80 to 120 % of what the schedule says, so that the timers of several
     * nodes do not beat together.
     */
    recur<A, E, R, SR>(
      name: string,
      options: { readonly schedule: Schedule.Schedule<unknown, unknown, never, SR>; readonly jitter?: boolean },
      effect: Effect.Effect<A, E, R>
    ): Effect.Effect<void, never, R | SR | Scope.Scope>
  }
>()("glomers/services/Timers") {
  static readonly layer = Layer.succeed(
    Timers,
    Timers.of({
      recur: (name, { jitter = false, schedule }, effect) =>
        effect.pipe(
          Effect.catchCause((cause) => Effect.logWarning(`Timer ${name} failed, it will run again`, cause)),
          Effect.schedule(jitter ? Schedule.jittered(schedule) : schedule),
          Effect.forkScoped,
          Effect.asVoid
        )
    })
  )
}
