/**
 * Runs work that recurs: by a schedule, until the scope closes, on the clock that the node was given.
 */
import { Context, Effect, Layer, Schedule, type Scope } from "effect"

/**
 * Periodic work of a node's behaviour, such as a gossip round. A run that fails is logged and does not end the timer,
 * which is what a loop by hand forgets first.
 *
 * Not everything periodic is here. What waits for items rather than for a time is a `GroupCommit`, and replication's
 * repair has clocks of its own, since they start anew with every event.
 *
 * ```ts
 * const timers = yield* Timers
 * yield* timers.recur("gossip", { schedule: Schedule.spaced("1 second"), jitter: true }, gossip)
 * ```
 */
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
          Effect.catchCause((cause) =>
            Effect.logWarning("A timer failed, it will run again", cause).pipe(
              Effect.annotateLogs({ component: "Timers", timer: name })
            )
          ),
          Effect.schedule(jitter ? Schedule.jittered(schedule) : schedule),
          Effect.forkScoped,
          Effect.asVoid
        )
    })
  )
}
