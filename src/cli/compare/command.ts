/**
 * `glomers compare`: all strategies of a challenge side by side.
 */
import { Effect } from "effect"
import { Argument, Command, Flag } from "effect/cli"
import { testFlags } from "../flags/TestFlags.ts"
import * as WorkbenchHost from "../process/WorkbenchHost.ts"

const parameters = {
  challenge: Argument.String("challenge").pipe(
    Argument.withDescription("A challenge's id, such as 3d, or a number, such as 3 for all of its parts")
  ),
  seed: Flag.Int("seed").pipe(
    Flag.filter(
      (seed) => seed >= 0,
      () => "a whole number of at least 0"
    ),
    Flag.withDescription("Decides everything that is left to chance"),
    Flag.withDefault(0)
  ),
  ...testFlags,
  json: Flag.Boolean("json").pipe(
    Flag.withDescription("Print one line of JSON a strategy, and nothing else"),
    Flag.withDefault(false)
  ),
  out: Flag.String("out").pipe(Flag.withDescription("An SVG file to draw messages against latency into"), Flag.optional)
}

/** What was given on the command line. */
export type CompareInput = Command.Command.Config.Infer<typeof parameters>

export const compare = Command.make(
  "compare",
  parameters,
  Effect.fn("glomers.compare")(function* (input) {
    yield* WorkbenchHost.require
    const { compareStrategies } = yield* Effect.promise(() => import("./compareStrategies.ts"))
    return yield* compareStrategies(input)
  })
).pipe(
  Command.withDescription("Run all strategies of a challenge at one setting and rank them by messages and latency"),
  Command.withExamples([
    { command: "glomers compare 3", description: "Compare all ways to broadcast at the setting of 3d" },
    { command: "glomers compare 3 --out plane.svg", description: "Draw them as well" },
    { command: "glomers compare 3c --nemesis-interval 2", description: "Compare under another load or other faults" }
  ])
)
