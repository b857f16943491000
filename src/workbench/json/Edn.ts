/**
 * Prints JSON values as EDN, Clojure's data notation, for error texts that read like Maelstrom's. To read EDN see
 * `EdnParser`, which is apart so that nobody loads a parser to print.
 */
import { Predicate, type Schema } from "effect"
import { isExactNumber } from "./ExactNumber.ts"

/** As `pr-str` does: `nil`, `"text"`, `[1 2]`, `{"key" 1, "other" 2}`. Numbers are printed as they were written. */
export const print = (value: Schema.Json): string => {
  if (value === null) {
    return "nil"
  }
  if (Array.isArray(value)) {
    return `[${value.map(print).join(" ")}]`
  }
  if (Predicate.isObject(value) && !isExactNumber(value)) {
    const entries = Object.entries(value as Schema.JsonObject)
    return `{${entries.map(([key, field]) => `${print(key)} ${print(field)}`).join(", ")}}`
  }
  return JSON.stringify(value)
}

/** As `str` does: like {@link print}, but a string is shown as it is, and `nil` not at all. */
export const text = (value: Schema.Json): string => {
  if (value === null) {
    return ""
  }
  return Predicate.isString(value) ? value : print(value)
}
