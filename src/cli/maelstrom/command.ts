/**
 * `glomers maelstrom`: runs challenges under the real Maelstrom.
 */
import { Effect } from "effect"
import { Command } from "effect/cli"
import { parameters } from "./parameters.ts"

/** The command. Loads what it runs when it runs. */
export const maelstrom = Command.make(
  "maelstrom",
  parameters,
  Effect.fn("glomers.maelstrom")(function* (input) {
    const { runMaelstrom } = yield* Effect.promise(() => import("./runMaelstrom.ts"))
    return yield* runMaelstrom(input)
  })
).pipe(
  Command.withDescription(
    "Run challenges under the real Maelstrom, which is `maelstrom` on the PATH or what $MAELSTROM names"
  ),
  Command.withExamples([
    { command: "glomers maelstrom all", description: "Run every challenge with its official flags" },
    { command: "glomers maelstrom 3d --strategy tree --verbose", description: "Follow all that Maelstrom prints" },
    { command: "glomers maelstrom 4 --time-limit 60 --log-stderr", description: "Give Maelstrom flags of its own" }
  ])
)
