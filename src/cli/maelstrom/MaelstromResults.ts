/**
 * Reads Maelstrom's verdict on a run, as it leaves it in `results.edn`.
 */
import { Effect, Option, Predicate, Schema } from "effect"
import { truncate } from "../../protocol/Excerpt.ts"
import { Validity } from "../../workbench/checkers/Validity.ts"
import * as EdnParser from "../../workbench/json/EdnParser.ts"
import type { Evidence } from "../../workbench/run/Evidence.ts"
import { resultsOf, type RunResults } from "../../workbench/run/RunResults.ts"
import type { WorkloadName } from "../../workbench/workloads/Workloads.ts"

/** Maelstrom's verdict, and each checker's results by the checker's name, under Maelstrom's keys. */
const Results = Schema.StructWithRest(Schema.Struct({ "valid?": Validity }), [
  Schema.Record(Schema.String, Schema.Unknown)
])

/** Maelstrom's results as they are written. */
export type MaelstromResults = typeof Results.Type

/** Reads a `results.edn`; none if the text is none. */
export const decode = (text: string): Effect.Effect<Option.Option<MaelstromResults>> =>
  Effect.try(() => EdnParser.parse(text)).pipe(Effect.flatMap(Schema.decodeUnknownEffect(Results)), Effect.option)

/** The results of a workload's run as ours are; of results in a form that we do not know, whether the run is valid. */
export const results = (workload: WorkloadName, written: MaelstromResults): RunResults =>
  Option.getOrElse(Schema.decodeUnknownOption(resultsOf(workload))(written), () => ({ validity: written["valid?"] }))

/** What of the results is the reason why they are not valid. */
export const anomalies = (results: MaelstromResults): ReadonlyArray<Evidence> =>
  Object.entries(results).flatMap(([name, part]) =>
    Predicate.hasProperty(part, "valid?") && part["valid?"] !== true
      ? [{ name, message: summary(part), count: 1, operations: [], messages: [], messagesLeftOut: 0 }]
      : []
  )

/** A checker's results in a line, without what is empty. */
const summary = (part: object): string =>
  Object.entries(part)
    .filter(([key, value]) => key !== "valid?" && !emptyValues.has(JSON.stringify(value)))
    .slice(0, shownKeys)
    .map(([key, value]) => `${key} ${truncate(text(value), widest)}`)
    .join(", ") || "not valid"

// A checker's exception says in one of its keys what in the others fills pages.
const text = (value: unknown): string =>
  Predicate.hasProperty(value, "cause") ? String(value.cause) : (JSON.stringify(value) ?? "null")

const emptyValues: ReadonlySet<string | undefined> = new Set(["[]", "{}", "null", "0", undefined])

const shownKeys = 8

const widest = 120
