/**
 * Sums up a test that runs with many seeds: a line per run, and for each challenge how many were valid.
 */
import { Predicate } from "effect"
import * as EvidenceText from "../report/EvidenceText.ts"
import * as ReportTable from "../report/ReportTable.ts"
import { type TestReport, verdict } from "../report/TestReport.ts"

/** One run in a line; for one that is not valid also why, where its results are, and the command that repeats it. */
export const run = (report: TestReport, command: string): string => {
  const figures = ReportTable.figures(report).map(({ name, text }) => `${name} ${text}`)
  const line = [
    ReportTable.title(report),
    verdict(report),
    ...figures,
    `${(report.wallMillis / 1000).toFixed(2)} s`
  ].join(", ")
  if (report.valid) {
    return line
  }
  const problems = [...report.anomalies, ...(report.strict ? report.warnings : [])]
  return [
    line,
    ...problems.map((problem) => {
      const times = problem.count > 1 ? ` (${problem.count} times)` : ""
      return `  ${problem.name}${times}: ${problem.message}${EvidenceText.meanwhile(problem)}`
    }),
    ...(report.stored === undefined ? [] : [`  all of it: ${report.stored}`]),
    `  again:     ${command}`
  ].join("\n")
}

/** For every challenge how many runs were valid and between what its figures were, and a last line for all. */
export const totals = (reports: ReadonlyArray<TestReport>, seconds: number): string => {
  const groups = Map.groupBy(reports, ({ challenge, workload }) => challenge ?? workload)
  const valid = validCount(reports)
  return [
    ...[...groups].map(([subject, alike]) => [`${subject}: ${countLine(alike)}`, ...ranges(alike)].join(", ")),
    `in all: ${countLine(reports)}, ${reports.length - valid} not valid, ${seconds.toFixed(1)} s`
  ].join("\n")
}

const validCount = (reports: ReadonlyArray<TestReport>): number => reports.filter((report) => report.valid).length

const countLine = (reports: ReadonlyArray<TestReport>): string => `${validCount(reports)} of ${reports.length} valid`

const ranges = (reports: ReadonlyArray<TestReport>): ReadonlyArray<string> =>
  [...Map.groupBy(reports.flatMap(ReportTable.figures), ({ name }) => name)].flatMap(([name, figures]) => {
    const values = figures.map(({ value }) => value).filter(Predicate.isNotUndefined)
    return values.length === 0
      ? []
      : [`${name} ${ReportTable.number(Math.min(...values))} to ${ReportTable.number(Math.max(...values))}`]
  })
