/**
 * `glomers worker`: what the threads of a test with `--seeds` run.
 */
import { Effect } from "effect"
import { Command } from "effect/cli"

export const worker = Command.make(
  "worker",
  {},
  Effect.fn("glomers.worker")(function* () {
    const { serve } = yield* Effect.promise(() => import("../test/TestWorkers.ts"))
    return yield* serve
  })
).pipe(Command.withDescription("Run tests for the thread that started this one"), Command.unlisted)
