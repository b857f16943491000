/**
 * Runs tests one after another, and prints each with its details and then all in a table.
 */
import { Console, Effect } from "effect"
import * as ProgressLine from "../report/ProgressLine.ts"
import * as ReportTable from "../report/ReportTable.ts"
import * as Outcome from "./Outcome.ts"
import type { Output } from "./Output.ts"
import type { TestPlan } from "./TestPlan.ts"
import * as TestRun from "./TestRun.ts"

/**
 * With `json` it prints a line of JSON a run, and nothing else. Fails with `Invalid` if any run is not valid, and with
 * `CannotRun` if none came to a verdict.
 */
export const runAndPrint = Effect.fn("runAndPrint")(function* (
  plans: ReadonlyArray<TestPlan>,
  output: Output,
  json: boolean
) {
  const outcomes = yield* Effect.forEach(
    plans,
    Effect.fnUntraced(function* (plan) {
      const run = runOne(plan, output, json)
      const outcome = yield* plans.length === 1 ? run : Outcome.among(run)
      const text = json ? Outcome.line(outcome) : Outcome.details(outcome)
      if (text !== "") {
        yield* Console.log(json ? text : `${text}\n`)
      }
      return outcome
    })
  ).pipe(Effect.catchTag("RunFailed", ({ cannotRun }) => Effect.fail(cannotRun)))
  const stored = outcomes.flatMap((outcome) => (Outcome.isJudged(outcome) ? (outcome.stored ?? []) : []))
  if (!json) {
    yield* Console.log(ReportTable.table(outcomes))
    yield* stored.length === 0
      ? Effect.void
      : Console.log(`\nThe results are in ${stored.length === 1 ? stored[0] : output.directory}.`)
  }
  return yield* Outcome.end(outcomes)
})

const runOne = (plan: TestPlan, output: Output, json: boolean) => {
  const subject = plan.challenge === null ? `workload ${plan.workload}` : `challenge ${plan.challenge}`
  return json
    ? TestRun.run(plan, output)
    : ProgressLine.showing(subject, (progress) => TestRun.run(plan, output, progress))
}
