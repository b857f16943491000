/**
 * What came of a run: a report with its verdict, or the failure of a node that kept it from one.
 */
import { Effect } from "effect"
import { Invalid } from "../process/Invalid.ts"
import { CannotRun } from "../process/CannotRun.ts"
import * as TestReport from "../report/TestReport.ts"
import * as ReportTable from "../report/ReportTable.ts"
import { RunFailed } from "../report/RunFailed.ts"

export type Outcome = TestReport.TestReport | RunFailed

/** Whether a run came to a verdict. */
export const isJudged = (outcome: Outcome): outcome is TestReport.TestReport => !(outcome instanceof RunFailed)

/** Whether a run came to the verdict that it is valid. */
export const isValid = (outcome: Outcome): boolean => isJudged(outcome) && outcome.valid

/** What came of a run that may fail, where it is one of several: the others go on. */
export const among = <R>(
  run: Effect.Effect<TestReport.TestReport, CannotRun | RunFailed, R>
): Effect.Effect<Outcome, CannotRun, R> => Effect.catchTag(run, "RunFailed", Effect.succeed)

/** Why a run is not valid, or could not run, and what a strict judge would say; empty if there is nothing to say. */
export const details = (outcome: Outcome): string =>
  isJudged(outcome) ? ReportTable.details(outcome) : ReportTable.failure(outcome)

/** What came of a run as a line of JSON. */
export const line = (outcome: Outcome): string => (isJudged(outcome) ? TestReport.encode(outcome) : outcome.line)

/** How many runs are enough to tell that a program fails in every one of them. */
const enough = 5

/**
 * Whether all runs of a program so far have failed, alike and often enough for the others to be of no use, as those of
 * a program that never starts.
 */
export const isHopeless = (outcomes: ReadonlyArray<Outcome>): boolean =>
  outcomes.length >= enough && new Set(outcomes.map(wayOf)).size === 1 && !outcomes.some(isJudged)

/** How a run failed, without what may be different each time. */
const wayOf = (outcome: Outcome): string | undefined => (isJudged(outcome) ? undefined : outcome.problem.split(": ")[0])

/** Fails with `Invalid` if any of several runs is not valid, and with `CannotRun` if none came to a verdict. */
export const end = (outcomes: ReadonlyArray<Outcome>): Effect.Effect<void, Invalid | CannotRun> => {
  const [first] = outcomes
  if (first instanceof RunFailed && !outcomes.some(isJudged)) {
    return Effect.fail(new CannotRun({ text: `no run came to a verdict: ${first.message}` }))
  }
  return outcomes.every(isValid) ? Effect.void : Effect.fail(new Invalid())
}
