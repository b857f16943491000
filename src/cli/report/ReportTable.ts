/**
 * Reports as a table, and what is behind each verdict.
 */
import type { LimitId } from "../../workbench/run/Limits.ts"
import * as RunResults from "../../workbench/run/RunResults.ts"
import { subject } from "../plan/TestPlan.ts"
import { RunFailed } from "./RunFailed.ts"
import * as EvidenceText from "./EvidenceText.ts"
import * as Table from "./Table.ts"
import { idle, type TestReport, verdict } from "./TestReport.ts"

/** One row a run. */
export const table = (outcomes: ReadonlyArray<TestReport | RunFailed>): string =>
  Table.render(
    header,
    outcomes.map((outcome) => (outcome instanceof RunFailed ? failedRow(outcome) : row(outcome)))
  )

/** Why a run came to no verdict. */
export const failure = (failed: RunFailed): string =>
  [`${title(failed)}, could not run: ${failed.message}`, ...failed.logLines.map((line) => `  ${line}`)].join("\n")

/** Why a run is not valid, and what a strict judge would say; empty if there is nothing to say. */
export const details = (report: TestReport): string => {
  const { anomalies, warnings, limits, stored, strict, valid } = report
  const missed = limits.filter(({ ok }) => !ok)
  const untouched = idle(report)
  const sections = [
    ...(untouched === undefined
      ? []
      : [`  faults: ${untouched}${!strict && report.idleFaults?.includes("partition") ? hint : ""}.`]),
    ...missed.map(
      ({ id, limit, measured }) => `  limit: ${limitNames[id]} is ${number(measured)}, expected below ${limit}.`
    ),
    ...(valid ? [] : anomalies.flatMap(EvidenceText.lines)),
    ...(warnings.length === 0
      ? []
      : strict
        ? warnings.flatMap(EvidenceText.lines)
        : [
            "  What Maelstrom lets through (--strict makes it count):",
            ...warnings.map(
              ({ count, message, name }) =>
                `    warning: ${name}: ${message}${count > 1 ? ` (and ${count - 1} more of the kind)` : ""}`
            )
          ])
  ]
  return sections.length === 0
    ? ""
    : [
        `${title(report)}: ${verdict(report)}`,
        ...sections,
        ...(stored === undefined ? [] : [`  All of it: ${stored}`])
      ].join("\n")
}

const hint = " (--strict draws only partitions that cut a link)"

/** What was run, in a few words. */
export const title = (run: Pick<TestReport, "challenge" | "seed" | "strategy" | "workload">): string => {
  const { seed, strategy } = run
  return [subject(run), ...(strategy === null ? [] : [strategy]), ...(seed === null ? [] : [`seed ${seed}`])].join(", ")
}

/** A key figure of a run: messages between servers for each operation, latencies, and how many operations succeeded. */
export interface Figure {
  readonly name: string
  readonly value: number | undefined
  /** The value, compared with its limit if it has one. */
  readonly text: string
}

/** The key figures of a run, without those that its workload has not. */
export const figures = (report: TestReport): ReadonlyArray<Figure> =>
  allFigures(report).filter(({ value }) => value !== undefined)

/** A number to four places, without zeros at its end. */
export const number = (value: number | undefined): string =>
  value === undefined ? "-" : String(Number(value.toFixed(4)))

const allFigures = ({ limits, results, workload }: TestReport): ReadonlyArray<Figure> => {
  const { okFraction, serverMessagesPerOperation, stableLatencyMillis } = RunResults.figures(workload, results)
  const figure = (name: string, value: number | undefined, limit?: LimitId): Figure => {
    const checked = limits.find(({ id }) => id === limit)
    const text = checked === undefined ? number(value) : `${number(value)} ${checked.ok ? "<" : "≥"} ${checked.limit}`
    return { name, value, text }
  }
  return [
    figure("msgs/op", serverMessagesPerOperation, "serverMessagesPerOperation"),
    figure("median ms", stableLatencyMillis?.median, "medianLatencyMillis"),
    figure("max ms", stableLatencyMillis?.maximum, "maximumLatencyMillis"),
    figure("available", okFraction)
  ]
}

/** What is limited, in a sentence. */
const limitNames: { readonly [id in LimitId]: string } = {
  serverMessagesPerOperation: "server messages per operation",
  medianLatencyMillis: "median latency (ms)",
  maximumLatencyMillis: "maximum latency (ms)"
}

const header = ["challenge", "strategy", "verdict", "msgs/op", "median ms", "max ms", "available", "wall s", "seed"]

const row = (report: TestReport): ReadonlyArray<string> => [
  report.challenge ?? report.workload,
  report.strategy ?? "-",
  verdict(report),
  ...allFigures(report).map(({ text }) => text),
  (report.wallMillis / 1000).toFixed(2),
  report.seed === null ? "-" : String(report.seed)
]

const failedRow = ({ challenge, seed, strategy, workload }: RunFailed): ReadonlyArray<string> => [
  challenge ?? workload,
  strategy ?? "-",
  "could not run",
  ...header.slice(3, -1).map(() => "-"),
  String(seed)
]
