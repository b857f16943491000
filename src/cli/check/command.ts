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
  Command.withDescription("Judge a saved history as a test would"),
  Command.withExamples([
    {
      command: "glomers check -w broadcast store/broadcast/latest/history.jsonl",
      description: "Judge the last run again"
    }
  ])
)
