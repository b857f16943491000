/**
 * Prints JSON values as EDN, Clojure's data notation, for error texts that read like Maelstrom's. To read EDN see
 * `EdnParser`, which is apart so that nobody loads a parser to print.
 */
import { Predicate } from "effect"
import { isExactNumber } from "./ExactNumber.ts"

/** As `pr-str` does: `nil`, `"text"`, `[1 2]`, `{"key" 1, "other" 2}`, and numbers as they were written. */
export const print = (value: unknown): string => {
  if (Predicate.isNullish(value)) {
    return "nil"
  }
  if (Array.isArray(value)) {
    return `[${value.map(print).join(" ")}]`
  }
  if (isExactNumber(value)) {
    return value.rawJSON
  }
  if (Predicate.isObject(value)) {
    const entries = Object.entries(value)
    return `{${entries.map(([key, field]) => `${print(key)} ${print(field)}`).join(", ")}}`
  }
  return JSON.stringify(value)
}

/** As `str` does: like {@link print}, but a string is shown as it is, and `nil` not at all. */
export const text = (value: unknown): string => {
  if (Predicate.isNullish(value)) {
    return ""
  }
  return Predicate.isString(value) ? value : print(value)
}
