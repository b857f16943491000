/**
 * `glomers worker`: runs tests in a worker thread, for a test with `--seeds` or a comparison.
 */
import { Effect } from "effect"
import { Command } from "effect/cli"

export const worker = Command.make(
  "worker",
  {},
  Effect.fn("glomers.worker")(function* () {
    const { runWorker } = yield* Effect.promise(() => import("./runWorker.ts"))
    return yield* runWorker
  })
).pipe(Command.withDescription("Run tests for the thread that started this one"), Command.unlisted)
