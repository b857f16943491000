/**
 * What `glomers test` does.
 */
import { Array, Clock, Console, Effect, Option, Path, Stdio } from "effect"
import * as Os from "node:os"
import { CannotRun } from "../process/CannotRun.ts"
import * as Replay from "./Replay.ts"
import { Invalid } from "../process/Invalid.ts"
import * as ProgressLine from "../report/ProgressLine.ts"
import * as ReportTable from "../report/ReportTable.ts"
import * as SeedRange from "../flags/SeedRange.ts"
import * as SeedSummary from "./SeedSummary.ts"
import type { TestInput } from "./command.ts"
import { plans, type TestPlan } from "./TestPlan.ts"
import * as TestReport from "../report/TestReport.ts"
import * as TestRun from "./TestRun.ts"
import * as TestWorker from "./TestWorkers.ts"

/** Runs what the command line asks for and prints it. Fails with `Invalid` if any run is not valid. */
export const runTests = Effect.fn("runTests")(function* (input: TestInput) {
  const args = yield* Effect.flatMap(Stdio.Stdio, (stdio) => stdio.args)
  const [positional, trailing] = splitArguments(args, input.challenge)
  if (positional.length > 1) {
    return yield* new CannotRun({ text: `expected one challenge, got: ${positional.join(", ")}` })
  }
  if (Option.isSome(input.seed) && Option.isSome(input.seeds)) {
    return yield* new CannotRun({ text: "expected --seed or --seeds, got both" })
  }
  const all = yield* plans({
    challenge: positional[0],
    workload: Option.getOrUndefined(input.workload),
    strategy: Option.getOrUndefined(input.strategy),
    abortRate: Option.getOrUndefined(input.abortRate),
    bin: Option.getOrUndefined(input.bin),
    args: trailing,
    seeds: Option.match(input.seeds, {
      onNone: () => [Option.getOrElse(input.seed, () => 0)],
      onSome: SeedRange.seeds
    }),
    flags: input
  })
  const output: TestRun.Output = {
    directory: input.out,
    keep: Option.isSome(input.seeds) ? "invalid" : "all",
    logs: { stderr: input.logStderr, netSend: input.logNetSend, netRecv: input.logNetRecv }
  }
  const reports = yield* Option.isSome(input.seeds)
    ? runSeeds(all, output, input.json, args)
    : Effect.forEach(all, (plan) => runOne(plan, output, input.json))
  if (!input.json && Option.isNone(input.seeds)) {
    yield* Console.log(ReportTable.table(reports))
    yield* Console.log(`\nThe results are in ${reports.length === 1 ? reports[0]?.stored : input.out}.`)
  }
  return yield* reports.every(({ valid }) => valid) ? Effect.void : new Invalid()
})

/** The challenge and, apart from it, what follows `--`, which the parser puts behind it. */
export const splitArguments = (args: ReadonlyArray<string>, positional: ReadonlyArray<string>) => {
  const trailing = args.includes("--") ? args.slice(args.indexOf("--") + 1) : []
  return [positional.slice(0, positional.length - trailing.length), trailing] as const
}

const runOne = Effect.fnUntraced(function* (plan: TestPlan, output: TestRun.Output, json: boolean) {
  const subject = plan.challenge === null ? `workload ${plan.workload}` : `challenge ${plan.challenge}`
  const report = yield* json
    ? TestRun.run(plan, output)
    : ProgressLine.showing(subject, (progress) => TestRun.run(plan, output, progress))
  const text = json ? TestReport.encode(report) : ReportTable.details(report)
  if (text !== "") {
    yield* Console.log(json ? text : `${text}\n`)
  }
  return report
})

const runSeeds = Effect.fnUntraced(function* (
  all: ReadonlyArray<TestPlan>,
  output: TestRun.Output,
  json: boolean,
  args: ReadonlyArray<string>
) {
  const path = yield* Path.Path
  const beganMillis = yield* Clock.currentTimeMillis
  const cores = Math.min(Os.availableParallelism(), all.length)
  const run = yield* TestWorker.pool(cores)
  const reports = yield* Effect.forEach(
    all,
    Effect.fnUntraced(function* (plan) {
      const report = yield* run(plan, output)
      const replay = Replay.replayArguments(args, plan.challenge, plan.seed)
      const command = Replay.quoted([...Replay.program(path), ...replay])
      yield* Console.log(json ? TestReport.encode(report) : SeedSummary.run(report, command))
      return report
    }),
    { concurrency: cores }
  )
  if (!json) {
    const seconds = ((yield* Clock.currentTimeMillis) - beganMillis) / 1000
    yield* Console.log(SeedSummary.totals(reports, seconds))
  }
  return Array.fromIterable(reports)
}, Effect.scoped)
