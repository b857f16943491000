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
 * yield* timers.recur("gossip", Schedule.jittered(Schedule.spaced("1 second")), gossip)
 * ```
 */
export class Timers extends Context.Service<
  Timers,
  {
    /**
     * Runs `effect` whenever `schedule` says, for the first time after the schedule's first delay, until the scope
     * closes. One run begins only when the last is over. A run that fails or dies is logged; the timer goes on. The
     * schedule's input is what the effect succeeded with, and nothing after a run that failed.
     *
     * Give `Schedule.jittered` to draw every delay from 80 to 120 %, so that the timers of several nodes do not beat
     * together.
     */
    recur<Input, E, R, SR>(
      name: string,
      schedule: Schedule.Schedule<unknown, Input | void, never, SR>,
      effect: Effect.Effect<NoInfer<Input> | void, E, R>
    ): Effect.Effect<void, never, R | SR | Scope.Scope>
  }
>()("glomers/services/Timers") {
  static readonly layer = Layer.succeed(
    Timers,
    Timers.of({
      recur: (name, schedule, effect) =>
        Effect.scheduleFrom(
          Effect.catchCause(effect, (cause) =>
            Effect.logWarning("A timer failed, it will run again", cause).pipe(
              Effect.annotateLogs({ component: "Timers", timer: name })
            )
          ),
          undefined,
          schedule
        ).pipe(Effect.forkScoped, Effect.asVoid)
    })
  )
}
