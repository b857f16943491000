/**
 * `glomers demo`: what `npm start` shows.
 */
import { Effect } from "effect"
import { Command } from "effect/cli"

export const demo = Command.make(
  "demo",
  {},
  Effect.fn("glomers.demo")(function* () {
    const { run } = yield* Effect.promise(() => import("./demo/run.ts"))
    return yield* run
  })
).pipe(
  Command.withDescription("Run challenges as real processes against a small client and check the answers"),
  Command.unlisted
)
