/**
 * Prints a comparison as a table, a row a strategy.
 */
import * as Table from "../report/Table.ts"
import type { Measurement } from "./Measurement.ts"

/** One row a strategy; those on the Pareto frontier are marked. Columns that would be empty are left out. */
export const render = (measurements: ReadonlyArray<Measurement>): string => {
  const shown = columns.filter(({ cell }) => measurements.some((measurement) => cell(measurement) !== ""))
  return [
    Table.render(
      shown.map(({ name }) => name),
      measurements.map((measurement) => shown.map(({ cell }) => cell(measurement)))
    ),
    "",
    legend(measurements)
  ].join("\n")
}

interface Column {
  readonly name: string
  readonly cell: (measurement: Measurement) => string
}

const decimals = (value: number | null | undefined, count: number): string =>
  value === null || value === undefined ? "-" : value.toFixed(count)

const columns: ReadonlyArray<Column> = [
  { name: "", cell: ({ frontier }) => (frontier ? mark : "") },
  { name: "strategy", cell: ({ strategy }) => strategy },
  { name: "msgs/op", cell: ({ messagesPerOperation }) => decimals(messagesPerOperation, 2) },
  { name: "chars/op", cell: ({ charactersPerOperation }) => decimals(charactersPerOperation, 0) },
  { name: "median ms", cell: ({ latencyMillis }) => decimals(latencyMillis?.median, 0) },
  { name: "p99 ms", cell: ({ latencyMillis }) => decimals(latencyMillis?.p99, 0) },
  { name: "max ms", cell: ({ latencyMillis }) => decimals(latencyMillis?.maximum, 0) },
  { name: "available", cell: ({ availability }) => decimals(availability, 3) },
  { name: "verdict", cell: ({ verdict }) => verdict },
  { name: "limits kept", cell: ({ within }) => within.join(", ") }
]

const mark = "●"

const legend = (measurements: ReadonlyArray<Measurement>): string => {
  const stable = measurements.some(({ latencyMillis }) => latencyMillis?.kind === "stable")
  return [
    `${mark} on the Pareto frontier: no other is as good in messages and median latency and better in one.`,
    `Messages and characters are those between servers. ${
      stable
        ? "Latency runs from a value's acknowledgement until every node shows it."
        : "Latency is that of successful operations, of the kind that takes longest."
    }`
  ].join("\n")
}
