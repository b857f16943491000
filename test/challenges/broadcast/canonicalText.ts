import { Predicate, type Schema } from "effect"

/** The same text for two values exactly if they are the same JSON, whatever the order of their keys. */
export const canonicalText = (value: Schema.Json): string => {
  if (Array.isArray(value)) {
    return `[${value.map(canonicalText).join()}]`
  }
  if (!Predicate.isObject(value)) {
    return JSON.stringify(value)
  }
  const entries = Object.entries(value as Schema.JsonObject).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return `{${entries.map(([key, nested]) => `${JSON.stringify(key)}:${canonicalText(nested)}`).join()}}`
}
