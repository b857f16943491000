/**
 * `glomers test`: runs challenges in the workbench and judges what happened.
 */
import { Effect } from "effect"
import { Command } from "effect/cli"
import * as WorkbenchHost from "../process/WorkbenchHost.ts"
import { parameters } from "./parameters.ts"

/** The command. Loads what it runs when it runs. */
export const test = Command.make(
  "test",
  parameters,
  Effect.fn("glomers.test")(function* (input) {
    yield* WorkbenchHost.require
    const { runTests } = yield* Effect.promise(() => import("./runTests.ts"))
    return yield* runTests(input)
  })
).pipe(
  Command.withDescription("Run challenges with their official flags and judge them; any flag of Maelstrom overrides"),
  Command.withExamples([
    { command: "glomers test all", description: "Run every challenge" },
    { command: "glomers test 3d --strategy tree --seeds 1..100", description: "Look for a seed that breaks it" },
    { command: "glomers test 3b --nemesis partition,loss --nemesis-interval 3", description: "Make it harder" },
    { command: "glomers test 5b --bin ./kafka -- --verbose", description: "Test a program of your own" },
    { command: "glomers test -w echo --bin ./echo", description: "Test a workload without a challenge" }
  ])
)
