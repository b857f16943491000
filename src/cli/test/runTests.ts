/**
 * Runs the tests that were asked for: one after another with their details, or many seeds on all cores in a line each.
 */
import { Clock, Console, Effect, Option, Stdio } from "effect"
import * as Os from "node:os"
import * as Arguments from "../process/Arguments.ts"
import { CannotRun } from "../process/CannotRun.ts"
import * as Replay from "./Replay.ts"
import * as IgnoredFlags from "../flags/IgnoredFlags.ts"
import * as NodeFlags from "../flags/NodeFlags.ts"
import { getOrInsert } from "../../workbench/collections/MultiMap.ts"
import * as Outcome from "../run/Outcome.ts"
import * as SeedRange from "../flags/SeedRange.ts"
import * as SeedSummary from "./SeedSummary.ts"
import type { TestInput } from "./parameters.ts"
import type { Output } from "../plan/Output.ts"
import type { TestPlan } from "../plan/TestPlan.ts"
import { plans } from "./TestRequest.ts"
import { runAndPrint } from "../run/runAndPrint.ts"
import * as WorkerPool from "../worker/WorkerPool.ts"

/** Runs what the command line asks for and prints it. Fails with `Invalid` if any run is not valid. */
export const runTests = Effect.fn("runTests")(function* (input: TestInput) {
  const args = yield* Effect.flatMap(Stdio.Stdio, (stdio) => stdio.args)
  const { operands, trailing } = Arguments.operands(args, input.challenge)
  if (operands.length > 1) {
    return yield* new CannotRun({ text: `expected one challenge, got: ${operands.join(", ")}` })
  }
  if (Option.isSome(input.seed) && Option.isSome(input.seeds)) {
    return yield* new CannotRun({ text: "expected --seed or --seeds, got both" })
  }
  if (Option.isSome(input.testCount) && Option.isSome(input.seeds)) {
    return yield* new CannotRun({ text: "expected --test-count or --seeds, got both" })
  }
  yield* IgnoredFlags.report(input)
  const firstSeed = Option.getOrElse(input.seed, () => 0)
  const testCount = Option.getOrElse(input.testCount, () => 1)
  const all = yield* plans({
    challenge: operands[0],
    workload: Option.getOrUndefined(input.workload),
    strategy: Option.getOrUndefined(input.strategy),
    abortRate: Option.getOrUndefined(input.abortRate),
    bin: Option.getOrUndefined(input.bin),
    args: trailing,
    seeds: Option.match(input.seeds, {
      onNone: () => SeedRange.seeds({ first: firstSeed, last: firstSeed + testCount - 1 }),
      onSome: SeedRange.seeds
    }),
    flags: input,
    nodeNames: yield* NodeFlags.names(input)
  })
  const output: Output = {
    directory: input.out,
    keep: Option.isSome(input.seeds) ? "invalid" : "all",
    logs: { stderr: input.logStderr, netSend: input.logNetSend, netRecv: input.logNetRecv }
  }
  return yield* Option.isSome(input.seeds)
    ? runSeeds(all, output, input.json)
    : runAndPrint(all, output, { json: input.json, untilInvalid: Option.isSome(input.testCount) })
})

const runSeeds = Effect.fnUntraced(function* (all: ReadonlyArray<TestPlan>, output: Output, json: boolean) {
  const beganMillis = yield* Clock.currentTimeMillis
  const cores = Math.min(Os.availableParallelism(), all.length)
  const run = yield* WorkerPool.make(cores)
  const done = new Map<string, Array<Outcome.Outcome>>()
  yield* Effect.forEach(
    all,
    Effect.fnUntraced(function* (plan) {
      const before = getOrInsert(done, subjectOf(plan), () => [])
      if (Outcome.isHopeless(before)) {
        return
      }
      const outcome = yield* Outcome.among(run(plan, output))
      before.push(outcome)
      yield* Console.log(json ? Outcome.line(outcome) : SeedSummary.run(outcome, yield* Replay.command(plan)))
    }),
    { concurrency: cores, discard: true }
  )
  const outcomes = [...done.values()].flat()
  if (!json) {
    const seconds = ((yield* Clock.currentTimeMillis) - beganMillis) / 1000
    yield* Console.log(SeedSummary.totals(outcomes, seconds))
  }
  for (const [subject, alike] of done) {
    const left = all.filter((plan) => subjectOf(plan) === subject).length - alike.length
    if (left > 0) {
      yield* Console.error(
        `glomers: ${subject}: ${alike.length} runs failed alike, so the other ${left} were not tried`
      )
    }
  }
  return yield* Outcome.end(outcomes)
}, Effect.scoped)

const subjectOf = ({ challenge, workload }: Pick<TestPlan, "challenge" | "workload">): string => challenge ?? workload
