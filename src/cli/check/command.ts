/**
 * `glomers check`: judges a saved history.
 */
import { Effect } from "effect"
import { Argument, Command, Flag } from "effect/cli"
import { checkFlags } from "../flags/TestFlags.ts"
import { workloadNames } from "../../workbench/workloads/Workloads.ts"
import * as WorkbenchHost from "../process/WorkbenchHost.ts"

const parameters = {
  file: Argument.String("history").pipe(
    Argument.withDescription("A history.jsonl or history.jsonl.gz, of ours or recorded from Maelstrom")
  ),
  workload: Flag.Literals("workload", workloadNames).pipe(
    Flag.withAlias("w"),
    Flag.withDescription("The workload that the history is of")
  ),
  ...checkFlags,
  json: Flag.Boolean("json").pipe(
    Flag.withDescription("Print one line of JSON, and nothing else"),
    Flag.withDefault(false)
  )
}

/** What was given on the command line. */
export type CheckInput = Command.Command.Config.Infer<typeof parameters>

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
