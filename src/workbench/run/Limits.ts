/**
 * Limits: what a run must stay below to pass, besides its verdict.
 */
import { Option, Record, Schema } from "effect"
import type { Figures } from "./RunResults.ts"

/**
 * - `serverMessagesPerOperation`: messages between servers for each operation of a client.
 * - `medianLatencyMillis`, `maximumLatencyMillis`: milliseconds between the acknowledgement of a value and the moment
 *   from which every node shows it.
 */
export const Limits = Schema.Struct({
  serverMessagesPerOperation: Schema.Number,
  medianLatencyMillis: Schema.Number,
  maximumLatencyMillis: Schema.Number
})
export interface Limits extends Schema.Schema.Type<typeof Limits> {}

/** What is limited. */
export type LimitId = keyof Limits

/** A limit, and what was measured; a run that has no such figure does not keep it. */
export const LimitResult = Schema.Struct({
  id: Schema.Literals(Record.keys(Limits.fields)),
  limit: Schema.Number,
  measured: Schema.optional(Schema.Number),
  ok: Schema.Boolean
})
export interface LimitResult extends Schema.Schema.Type<typeof LimitResult> {}

/** The figures that are limited. */
type MeasuredFigures = Pick<Figures, "serverMessagesPerOperation"> & {
  readonly stableLatencyMillis: { readonly median: number; readonly maximum: number } | undefined
}

/** Each limit with what was measured. */
export const checkLimits = (
  limits: Limits,
  { serverMessagesPerOperation, stableLatencyMillis }: MeasuredFigures
): ReadonlyArray<LimitResult> => {
  const measured = {
    serverMessagesPerOperation,
    medianLatencyMillis: stableLatencyMillis?.median,
    maximumLatencyMillis: stableLatencyMillis?.maximum
  }
  return Record.keys(Limits.fields).map((id) => ({
    id,
    limit: limits[id],
    measured: measured[id],
    ok: (measured[id] ?? Number.POSITIVE_INFINITY) < limits[id]
  }))
}

/** The limits that were checked; `undefined` if there were none. */
export const limitsOf = (checked: ReadonlyArray<LimitResult>): Limits | undefined =>
  Option.getOrUndefined(
    Schema.decodeUnknownOption(Limits)(Object.fromEntries(checked.map(({ id, limit }) => [id, limit])))
  )
