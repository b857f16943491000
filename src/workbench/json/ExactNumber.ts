/**
 * JSON numbers that a JavaScript number cannot tell apart.
 *
 * To JSON and to most languages `3` and `3.0` are different values, and an integer may have more than 53 bits. A node
 * is free to use either as an identifier, and a checker must not take two of them for one. Such numbers are kept as
 * raw JSON (https://github.com/tc39/proposal-json-parse-with-source), which `JSON.stringify` writes back as it was;
 * all other numbers are plain JavaScript numbers.
 */
import { Predicate } from "effect"

/** A number in the words of the JSON text that it came from: a float without a fraction in its
 * canonical form (`3.0`), or a number beyond the reach of a double. */
export interface ExactNumber {
  readonly rawJSON: string
}

declare global {
  interface JSON {
    parse(
      text: string,
      reviver: (key: string, value: unknown, context: { readonly source?: string }) => unknown
    ): unknown
    rawJSON(text: string): ExactNumber
    isRawJSON(value: unknown): value is ExactNumber
  }
}

/** Whether a value is a number that only its JSON text holds exactly. */
export const isExactNumber = (value: unknown): value is ExactNumber => JSON.isRawJSON(value)

/** `JSON.parse`, except that it keeps numbers apart that differ. Throws a `SyntaxError` as `JSON.parse` does. */
export const parse = (text: string): unknown => {
  // A reviver makes parsing several times slower, and hardly any text holds such a number.
  const parsed: unknown = mayHoldExactNumber.test(text) ? JSON.parse(text, revive) : JSON.parse(text)
  return parsed
}

const mayHoldExactNumber = /\d(?:\.|[eE][+-]?)\d|\d{16}/

const revive = (_key: string, value: unknown, context: { readonly source?: string }): unknown => {
  if (!Predicate.isNumber(value) || context.source === undefined) {
    return value
  }
  if (!Number.isInteger(value)) {
    return Number.isFinite(value) ? value : JSON.rawJSON(context.source)
  }
  if (/[.eE]/.test(context.source)) {
    const digits = String(value)
    return JSON.rawJSON(digits.includes("e") ? digits : `${digits}.0`)
  }
  return Number.isSafeInteger(value) ? value : JSON.rawJSON(context.source)
}
