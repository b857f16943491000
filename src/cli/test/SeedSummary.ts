/**
 * Sums up a test that runs with many seeds: a line per run, and for each challenge how many were valid.
 */
import { Option, Predicate } from "effect"
import * as EvidenceText from "../report/EvidenceText.ts"
import * as ReportTable from "../report/ReportTable.ts"
import { idle, verdict } from "../report/TestReport.ts"
import { isJudged, type Outcome } from "../run/Outcome.ts"

/**
 * One run in a line; for one that is not valid also why, where its results are, and the command that repeats it, as for
 * one that could not run.
 */
export const run = (outcome: Outcome, command: string): string => {
  const again = `  again:     ${command}`
  if (!isJudged(outcome)) {
    return [ReportTable.failure(outcome), again].join("\n")
  }
  const figures = ReportTable.figures(outcome).map(({ name, text }) => `${name} ${text}`)
  const line = [
    ReportTable.title(outcome),
    verdict(outcome),
    ...figures,
    `${(outcome.wallMillis / 1000).toFixed(2)} s`,
    ...Option.toArray(Option.fromUndefinedOr(idle(outcome)))
  ].join(", ")
  if (outcome.valid) {
    return line
  }
  const problems = [...outcome.anomalies, ...(outcome.strict ? outcome.warnings : [])]
  return [
    line,
    ...problems.map((problem) => {
      const times = problem.count > 1 ? ` (${problem.count} times)` : ""
      return `  ${problem.name}${times}: ${problem.message}${EvidenceText.meanwhile(problem)}`
    }),
    ...(outcome.stored === undefined ? [] : [`  all of it: ${outcome.stored}`]),
    again
  ].join("\n")
}

/** For every challenge how many runs were valid and between what its figures were, and a last line for all. */
export const totals = (outcomes: ReadonlyArray<Outcome>, seconds: number): string => {
  const groups = Map.groupBy(outcomes, ({ challenge, workload }) => challenge ?? workload)
  const judged = outcomes.filter(isJudged)
  const failed = outcomes.length - judged.length
  return [
    ...[...groups].map(([subject, alike]) => [`${subject}: ${countLine(alike)}`, ...ranges(alike)].join(", ")),
    [
      `in all: ${countLine(outcomes)}`,
      `${judged.length - validCount(outcomes)} not valid`,
      ...(failed > 0 ? [`${failed} could not run`] : []),
      `${seconds.toFixed(1)} s`
    ].join(", ")
  ].join("\n")
}

const validCount = (outcomes: ReadonlyArray<Outcome>): number =>
  outcomes.filter((outcome) => isJudged(outcome) && outcome.valid).length

const countLine = (outcomes: ReadonlyArray<Outcome>): string => `${validCount(outcomes)} of ${outcomes.length} valid`

const ranges = (outcomes: ReadonlyArray<Outcome>): ReadonlyArray<string> =>
  [...Map.groupBy(outcomes.filter(isJudged).flatMap(ReportTable.figures), ({ name }) => name)].flatMap(
    ([name, figures]) => {
      const values = figures.map(({ value }) => value).filter(Predicate.isNotUndefined)
      return values.length === 0
        ? []
        : [`${name} ${ReportTable.number(Math.min(...values))} to ${ReportTable.number(Math.max(...values))}`]
    }
  )
