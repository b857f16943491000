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

export interface Options {
  readonly json: boolean
  /** Whether the first test that is not valid is the last one that is run. */
  readonly untilInvalid?: boolean
}

/** With `json` it prints a line of JSON a run, and nothing else. Fails with `Invalid` if any run is not valid. */
export const runAndPrint = Effect.fn("runAndPrint")(function* (
  plans: ReadonlyArray<TestPlan>,
  output: Output,
  { json, untilInvalid = false }: Options
) {
  const reports: Array<TestReport.TestReport> = []
  for (const plan of plans) {
    const report = yield* runOne(plan, output, json)
    reports.push(report)
    if (untilInvalid && !report.valid) {
      break
    }
  }
  if (!json) {
    yield* Console.log(ReportTable.table(reports))
    if (reports.length < plans.length) {
      yield* Console.log(`\n${reports.length} of ${plans.length} tests were run, the last of which is not valid.`)
    }
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
