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
  const { evidence, findings, limits, stored, strict, valid } = report
  const missed = limits.filter(({ ok }) => !ok)
  const sections = [
    ...missed.map(({ limit, measured, name }) => `  limit: ${name} is ${number(measured)}, expected below ${limit}.`),
    ...(valid ? [] : evidence.flatMap(EvidenceText.lines)),
    ...(findings.length === 0
      ? []
      : strict
        ? findings.flatMap(EvidenceText.lines)
        : [
            "  What Maelstrom lets through (--strict makes it count):",
            ...findings.map(
              ({ count, message, name }) =>
                `    warning: ${name}: ${message}${count > 1 ? ` (and ${count - 1} more of the kind)` : ""}`
            )
          ])
  ]
  return sections.length === 0
    ? ""
    : [`${title(report)}: ${verdict(report)}`, ...sections, ...(stored === undefined ? [] : [`  All of it: ${stored}`])].join(
        "\n"
      )
}

/** What was run, in a few words. */
export const title = ({ challenge, seed, strategy, workload }: TestReport): string =>
  [
    challenge === null ? `workload ${workload}` : `challenge ${challenge}`,
    ...(strategy === null ? [] : [strategy]),
    ...(seed === null ? [] : [`seed ${seed}`])
  ].join(", ")

const header = [
  "challenge",
  "strategy",
  "verdict",
  "msgs/op",
  "median ms",
  "max ms",
  "available",
  "wall s",
  "seed"
]

const row = (report: TestReport): ReadonlyArray<string> => {
  const { challenge, limits, results, seed, strategy, wallMillis, workload } = report
  const figure = (measured: unknown, limit: string) => {
    const checked = limits.find(({ name }) => name === limit)
    if (checked === undefined) return number(measured)
    return `${number(checked.measured)} ${checked.ok ? "<" : "≥"} ${checked.limit}`
  }
  const latencies = at(results, "workload", "stable-latencies")
  return [
    challenge ?? workload,
    strategy ?? "-",
    verdict(report),
    figure(at(results, "net", "servers", "msgs-per-op"), "server messages an operation"),
    figure(at(latencies, "0.5"), "median latency (ms)"),
    figure(at(latencies, "1"), "maximum latency (ms)"),
    number(at(results, "availability", "ok-fraction")),
    (wallMillis / 1000).toFixed(2),
    seed === null ? "-" : String(seed)
  ]
}

const at = (value: unknown, ...path: ReadonlyArray<string>): unknown =>
  path.reduce<unknown>((inner, key) => (Predicate.hasProperty(inner, key) ? inner[key] : undefined), value)

const number = (value: unknown): string => (Predicate.isNumber(value) ? String(Number(value.toFixed(4))) : "-")
