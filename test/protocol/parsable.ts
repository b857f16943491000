import { Arbitrary, Schema } from "effect"

/**
 * Leaves out values with a backslash in a key. Once V8's `JSON.parse` (13.6, in Node 24.21) has seen such a key, it
 * takes other keys with escapes for it: `{"\\":0}` and then `{"\u0000":0}` both come out as `{"\\":0}`.
 */
export const parsable = <A>(arbitrary: Arbitrary.Arbitrary<A>): Arbitrary.Arbitrary<A> =>
  Arbitrary.filter(arbitrary, (value) => !keysOf(JSON.stringify(value)).some((key) => key.includes(String.raw`\\`)))

/** The keys in a JSON text, quoted and escaped. */
const keysOf = (text: string): ReadonlyArray<string> =>
  Array.from(text.matchAll(/"(?:[^"\\]|\\.)*"(:?)/g), ([string, colon]) => (colon === ":" ? string : ""))

/** Any JSON that comes out of its text as it went in; with -0, which comes out as 0. */
export const anyJson: Arbitrary.Arbitrary<Schema.Json> = parsable(Arbitrary.schema(Schema.Json))
