/**
 * What Maelstrom finds out about a run, as it leaves it in `results.edn`.
 */
import { Effect, Option, Predicate, Schema } from "effect"
import { truncate } from "../../protocol/Excerpt.ts"
import type { Evidence } from "../../workbench/run/Evidence.ts"
import * as EdnParser from "../../workbench/json/EdnParser.ts"

/** Maelstrom's verdict, and each checker's results by the checker's name. */
const Results = Schema.StructWithRest(
  Schema.Struct({ "valid?": Schema.Union([Schema.Boolean, Schema.Literal("unknown")]) }),
  [Schema.Record(Schema.String, Schema.Unknown)]
)

export type MaelstromResults = typeof Results.Type

/** Reads a `results.edn`; none if the text is none. */
export const decode = (text: string): Effect.Effect<Option.Option<MaelstromResults>> =>
  Effect.try(() => EdnParser.parse(text)).pipe(Effect.flatMap(Schema.decodeUnknownEffect(Results)), Effect.option)

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
