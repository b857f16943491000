/**
 * `glomers compare`: all strategies of a challenge side by side.
 */
import { Effect } from "effect"
import { Command } from "effect/cli"
import * as WorkbenchHost from "../process/WorkbenchHost.ts"
import { parameters } from "./parameters.ts"

/** The command. Loads what it runs when it runs. */
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
