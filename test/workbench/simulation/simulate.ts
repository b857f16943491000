import { Clock, Context, Effect, Scheduler } from "effect"
import type { VirtualTime } from "../../../src/workbench/simulation/VirtualTime.ts"

/** Runs an effect in virtual time, as a test's program is run. */
export const simulate = <A, E>(
  time: VirtualTime,
  effect: Effect.Effect<A, E>,
  onSlice?: Effect.Effect<void>
): Effect.Effect<A, E> =>
  time.run(
    Effect.provideContext(
      effect,
      Context.empty().pipe(Context.add(Clock.Clock, time.clock()), Context.add(Scheduler.Scheduler, time.scheduler))
    ),
    onSlice
  )
