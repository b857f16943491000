import { Effect } from "effect"
import * as Seeds from "../../../src/workbench/simulation/Seeds.ts"
import type { VirtualTime } from "../../../src/workbench/simulation/VirtualTime.ts"

/** Runs an effect in virtual time, as a test's program is run. */
export const simulate = <A, E>(
  time: VirtualTime,
  effect: Effect.Effect<A, E>,
  onSlice?: Effect.Effect<void>
): Effect.Effect<A, E> => time.run(Effect.provide(effect, time.layer({ random: Seeds.random("0", "test") })), onSlice)
