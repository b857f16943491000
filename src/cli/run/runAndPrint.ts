/**
 * Runs tests one after another, and prints each with its details and then all in a table.
 */
import { Console, Effect } from "effect"
import { Invalid } from "../process/Invalid.ts"
import * as ProgressLine from "../report/ProgressLine.ts"
import * as ReportTable from "../report/ReportTable.ts"
import * as TestReport from "../report/TestReport.ts"
import type { Output } from "../plan/Output.ts"
import { subject, type TestPlan } from "../plan/TestPlan.ts"
import * as TestRun from "./TestRun.ts"

/** With `json` it prints a line of JSON a run, and nothing else. Fails with `Invalid` if any run is not valid. */
export const runAndPrint = Effect.fn("runAndPrint")(function* (
  plans: ReadonlyArray<TestPlan>,
  output: Output,
  json: boolean
) {
  const reports = yield* Effect.forEach(plans, (plan) => runOne(plan, output, json))
  if (!json) {
    yield* Console.log(ReportTable.table(reports))
    yield* Console.log(`\nThe results are in ${reports.length === 1 ? reports[0]?.stored : output.directory}.`)
  }
  return yield* reports.every(({ valid }) => valid) ? Effect.void : new Invalid()
})

const runOne = Effect.fnUntraced(function* (plan: TestPlan, output: Output, json: boolean) {
  const report = yield* json
    ? TestRun.run(plan, output)
    : ProgressLine.showing(subject(plan), ProgressLine.ofTest, (progress) => TestRun.run(plan, output, progress))
  const text = json ? TestReport.encode(report) : ReportTable.details(report)
  if (text !== "") {
    yield* Console.log(json ? text : `${text}\n`)
  }
  return report
})
