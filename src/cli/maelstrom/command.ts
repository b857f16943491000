/**
 * `glomers maelstrom`: runs challenges under the real Maelstrom.
 */
import { Effect } from "effect"
import { Argument, Command, Flag } from "effect/cli"

const parameters = {
  challenge: Argument.String("challenge").pipe(
    Argument.optional,
    Argument.withDescription("The challenge's id, or all")
  ),
  flags: Argument.String("flags").pipe(
    Argument.variadic(),
    Argument.withDescription("Flags of Maelstrom, which override the official ones")
  ),
  strategy: Flag.String("strategy").pipe(
    Flag.withDescription("How our nodes solve it; `glomers list` shows the choices"),
    Flag.optional
  ),
  out: Flag.String("out").pipe(
    Flag.withDescription("The folder to run Maelstrom in, where it makes its store"),
    Flag.withDefault(".")
  ),
  json: Flag.Boolean("json").pipe(
    Flag.withDescription("Print one line of JSON a run, and nothing else"),
    Flag.withDefault(false)
  ),
  verbose: Flag.Boolean("verbose").pipe(
    Flag.withDescription("Print what Maelstrom prints, on stderr"),
    Flag.withDefault(false)
  )
}

/** What was given on the command line. */
export type MaelstromInput = Command.Command.Config.Infer<typeof parameters>

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
