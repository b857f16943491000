/**
 * Schemas of JSON text that keep numbers apart which JavaScript cannot tell apart, see `ExactNumber`.
 */
import { Effect, Schema, SchemaGetter, SchemaIssue } from "effect"
import { parse } from "./ExactNumber.ts"

const Text = Schema.String.pipe(
  Schema.decodeTo(Schema.Unknown, {
    decode: SchemaGetter.transformEffect((text: string, options) =>
      Effect.try({
        try: () => parse(text),
        catch: () => new SchemaIssue.InvalidValue({ expected: "JSON" }, text, options)
      })
    ),
    encode: SchemaGetter.stringifyJson()
  })
)

/** The JSON text of what a schema encodes to. */
export const fromText = <A, I>(schema: Schema.Codec<A, I>): Schema.Codec<A, string> =>
  Text.pipe(Schema.decodeTo(schema as Schema.Codec<A, unknown>))
