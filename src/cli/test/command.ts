/**
 * `glomers test`: runs challenges in the workbench and judges what happened.
 */
import { Effect } from "effect"
import { Argument, Command, Flag } from "effect/cli"
import * as SeedRange from "../flags/SeedRange.ts"
import { abortRate, testFlags } from "../flags/TestFlags.ts"
import { workloadNames } from "../../workbench/workloads/Workloads.ts"
import * as WorkbenchHost from "../process/WorkbenchHost.ts"

const optionalText = (name: string, description: string) =>
  Flag.String(name).pipe(Flag.withDescription(description), Flag.optional)

const boolean = (name: string, description: string) =>
  Flag.Boolean(name).pipe(Flag.withDescription(description), Flag.withDefault(false))

const parameters = {
  // What follows `--` is among the arguments too, and so there may be many.
  challenge: Argument.String("challenge").pipe(
    Argument.variadic(),
    Argument.withDescription("The challenge's id, or all; what follows -- goes to the program that --bin names")
  ),
  workload: Flag.Literals("workload", workloadNames).pipe(
    Flag.withAlias("w"),
    Flag.withDescription("The workload, if not the challenge's own"),
    Flag.optional
  ),
  strategy: optionalText("strategy", "How our own nodes solve it; `glomers list` shows the choices"),
  bin: optionalText("bin", "A program to test instead, one process a node"),
  seed: Flag.Int("seed").pipe(
    Flag.filter(
      (seed) => seed >= 0,
      () => "a whole number of at least 0"
    ),
    Flag.withDescription("Decides everything that is left to chance; 0 by default"),
    Flag.optional
  ),
  seeds: Flag.String("seeds").pipe(
    Flag.filterMap(SeedRange.parse, () => "a range such as 1..100"),
    Flag.withDescription("Run all seeds of a range, such as 1..100, on all cores"),
    Flag.optional
  ),
  ...testFlags,
  abortRate,
  out: Flag.String("out").pipe(Flag.withDescription("The folder for the results"), Flag.withDefault("store")),
  json: boolean("json", "Print one line of JSON a run, and nothing else"),
  logStderr: boolean("log-stderr", "Print what nodes logged"),
  logNetSend: boolean("log-net-send", "Print messages as they were sent"),
  logNetRecv: boolean("log-net-recv", "Print messages as they were received")
}

/** What was given on the command line. */
export type TestInput = Command.Command.Config.Infer<typeof parameters>

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
