/**
 * `glomers check`: judges a saved history.
 */
import { Effect } from "effect"
import { Command } from "effect/cli"
import * as WorkbenchHost from "../process/WorkbenchHost.ts"
import { parameters } from "./parameters.ts"

/** The command. Loads what it runs when it runs. */
export const check = Command.make(
  "check",
  parameters,
  Effect.fn("glomers.check")(function* (input) {
    yield* WorkbenchHost.require
    const { checkHistory } = yield* Effect.promise(() => import("./checkHistory.ts"))
    return yield* checkHistory(input)
  })
).pipe(
  Command.withDescription("Judge a stored run, of ours or of Maelstrom, as a test would"),
  Command.withExamples([
    {
      command: "glomers check store/latest",
      description: "Judge the last run again, as it was judged"
    },
    {
      command: "glomers check store/latest --consistency-models serializable",
      description: "Judge it by another standard"
    },
    {
      command: "glomers check maelstrom/store/broadcast/latest",
      description: "Judge and explain a run of Maelstrom"
    }
  ])
)
