/**
 * Encodes results under the keys that Jepsen and Maelstrom give them, and decodes results of theirs.
 *
 * In the program results have keys in camel case. In `results.json` they have the names that readers of Jepsen know:
 * `okCount` is `ok-count`, and `validity` is `valid?`. This is the only place that knows how one becomes the other; the
 * few names that the rule does not give stand with the fields that have them.
 */
import { Schema, SchemaTransformation } from "effect"

/** An object as it is in JSON. */
export interface JsonObject {
  readonly [key: string]: unknown
}

/** A schema whose encoded form has Jepsen's keys. */
export interface Results<A> extends Schema.Codec<A, JsonObject> {}

/** What differs from the rule, see {@link struct}. */
export interface Options<Fields> {
  /** The keys that the rule does not give. */
  readonly keys?: { readonly [Field in keyof Fields]?: string }
  /** A field whose entries stand beside the other fields when encoded, since their keys are data. */
  readonly spread?: keyof Fields & string
}

/**
 * A struct whose keys are encoded as Jepsen's, in the order of the fields. Keys that no field names pass through as
 * they are, since Maelstrom tells more in some places than we do. Keys of records inside are data, and stay.
 */
export const struct = <const Fields extends Schema.Struct.Fields>(
  fields: Fields,
  { keys = {}, spread }: Options<Fields> = {}
): Results<Schema.Struct.Type<Fields>> => {
  const named = Object.keys(fields)
    .filter((field) => field !== spread)
    .map((field) => [field, (keys as { readonly [field: string]: string })[field] ?? jepsenKey(field)] as const)
  const jepsenKeys = new Map(named)
  const fieldNames = new Map(named.map(([field, key]) => [key, field]))
  // What the fields are matters from here on to the type of the result alone.
  const decodedForm = Schema.StructWithRest(Schema.Struct(fields), [
    Schema.Record(Schema.String, Schema.Unknown)
  ]) as unknown as Schema.Codec<JsonObject>
  const codec = Schema.Record(Schema.String, Schema.Unknown).pipe(
    Schema.decodeTo(
      decodedForm,
      SchemaTransformation.transform<JsonObject, JsonObject>({
        encode: (decoded) =>
          Object.fromEntries(
            Object.entries(decoded).flatMap(([field, value]) =>
              field === spread ? Object.entries(value as JsonObject) : [[jepsenKeys.get(field) ?? field, value]]
            )
          ),
        decode: (encoded) => {
          const entries = Object.entries(encoded)
          const known = entries.map(([key, value]) => [fieldNames.get(key) ?? key, value])
          return spread === undefined
            ? Object.fromEntries(known)
            : {
                ...Object.fromEntries(known.filter((_, index) => fieldNames.has(entries[index]![0]))),
                [spread]: Object.fromEntries(entries.filter(([key]) => !fieldNames.has(key)))
              }
        }
      })
    )
  )
  return codec as unknown as Results<Schema.Struct.Type<Fields>>
}

/** Jepsen's name of a field. */
const jepsenKey = (field: string): string =>
  field === "validity" ? "valid?" : field.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
