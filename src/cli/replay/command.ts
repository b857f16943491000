/**
 * `glomers replay`: runs a stored run again.
 */
import { Effect } from "effect"
import { Command } from "effect/cli"
import * as WorkbenchHost from "../process/WorkbenchHost.ts"
import { parameters } from "./parameters.ts"

/** The command. Loads what it runs when it runs. */
export const replay = Command.make(
  "replay",
  parameters,
  Effect.fn("glomers.replay")(function* (input) {
    yield* WorkbenchHost.require
    const { replayRun } = yield* Effect.promise(() => import("./replayRun.ts"))
    return yield* replayRun(input)
  })
).pipe(
  Command.withDescription(
    "Run a stored run again, with the nodes, the options and the seed that its results.json names"
  ),
  Command.withExamples([
    { command: "glomers replay store/latest", description: "Run the last run again" },
    { command: "glomers replay results.json --json", description: "Run what somebody else has found" }
  ])
)
