/**
 * Reports as a table, and what is behind each verdict.
 */
import { Predicate } from "effect"
import * as EvidenceText from "./EvidenceText.ts"
import * as Table from "./Table.ts"
import { type TestReport, verdict } from "./TestReport.ts"

/** One row a report. */
export const table = (reports: ReadonlyArray<TestReport>): string => Table.render(header, reports.map(row))

/** Why a run is not valid, and what a strict judge would say; empty if there is nothing to say. */
export const details = (report: TestReport): string => {
  const { anomalies, warnings, limits, stored, strict, valid } = report
  const missed = limits.filter(({ ok }) => !ok)
  const sections = [
    ...missed.map(({ limit, measured, name }) => `  limit: ${name} is ${number(measured)}, expected below ${limit}.`),
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

/** What was run, in a few words. */
export const title = ({ challenge, seed, strategy, workload }: TestReport): string =>
  [
    challenge === null ? `workload ${workload}` : `challenge ${challenge}`,
    ...(strategy === null ? [] : [strategy]),
    ...(seed === null ? [] : [`seed ${seed}`])
  ].join(", ")

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

const allFigures = ({ limits, results }: TestReport): ReadonlyArray<Figure> =>
  measures.map(({ limit, name, path }) => {
    const found = path.reduce<unknown>(
      (inner, key) => (Predicate.hasProperty(inner, key) ? inner[key] : undefined),
      results
    )
    const value = Predicate.isNumber(found) ? found : undefined
    const checked = limits.find((candidate) => candidate.name === limit)
    const text = checked === undefined ? number(value) : `${number(value)} ${checked.ok ? "<" : "≥"} ${checked.limit}`
    return { name, value, text }
  })

// With the names that `TestResult` gives to the limits.
const measures = [
  { name: "msgs/op", path: ["net", "servers", "msgs-per-op"], limit: "server messages an operation" },
  { name: "median ms", path: ["workload", "stable-latencies", "0.5"], limit: "median latency (ms)" },
  { name: "max ms", path: ["workload", "stable-latencies", "1"], limit: "maximum latency (ms)" },
  { name: "available", path: ["availability", "ok-fraction"], limit: undefined }
]

const header = ["challenge", "strategy", "verdict", ...measures.map(({ name }) => name), "wall s", "seed"]

const row = (report: TestReport): ReadonlyArray<string> => [
  report.challenge ?? report.workload,
  report.strategy ?? "-",
  verdict(report),
  ...allFigures(report).map(({ text }) => text),
  (report.wallMillis / 1000).toFixed(2),
  report.seed === null ? "-" : String(report.seed)
]
