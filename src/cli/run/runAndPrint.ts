/**
 * Runs tests one after another, and prints each with its details and then all in a table.
 */
import { Console, Effect } from "effect"
import * as ProgressLine from "../report/ProgressLine.ts"
import * as ReportTable from "../report/ReportTable.ts"
import type { Output } from "../plan/Output.ts"
import { subject, type TestPlan } from "../plan/TestPlan.ts"
import * as Outcome from "./Outcome.ts"
import * as TestRun from "./TestRun.ts"

export interface Options {
  readonly json: boolean
  /** Whether the first test that is not valid is the last one that is run. */
  readonly untilInvalid?: boolean
}

/**
 * With `json` it prints a line of JSON a run, and nothing else. Fails with `Invalid` if any run is not valid, and with
 * `CannotRun` if none came to a verdict.
 */
export const runAndPrint = Effect.fn("runAndPrint")(function* (
  plans: ReadonlyArray<TestPlan>,
  output: Output,
  { json, untilInvalid = false }: Options
) {
  const outcomes: Array<Outcome.Outcome> = []
  for (const plan of plans) {
    const run = runOne(plan, output, json)
    const outcome = yield* plans.length === 1
      ? Effect.catchTag(run, "RunFailed", ({ cannotRun }) => Effect.fail(cannotRun))
      : Outcome.among(run)
    const text = json ? Outcome.line(outcome) : Outcome.details(outcome)
    if (text !== "") {
      yield* Console.log(json ? text : `${text}\n`)
    }
    outcomes.push(outcome)
    if (untilInvalid && !Outcome.isValid(outcome)) {
      break
    }
  }
  const stored = outcomes.flatMap((outcome) => (Outcome.isJudged(outcome) ? (outcome.stored ?? []) : []))
  if (!json) {
    yield* Console.log(ReportTable.table(outcomes))
    if (outcomes.length < plans.length) {
      yield* Console.log(`\n${outcomes.length} of ${plans.length} tests were run, the last of which is not valid.`)
    }
    yield* stored.length === 0
      ? Effect.void
      : Console.log(`\nThe results are in ${stored.length === 1 ? stored[0] : output.directory}.`)
  }
  return yield* Outcome.end(outcomes)
})

const runOne = (plan: TestPlan, output: Output, json: boolean) =>
  json
    ? TestRun.run(plan, output)
    : ProgressLine.showing(subject(plan), ProgressLine.ofTest, (progress) => TestRun.run(plan, output, progress))
