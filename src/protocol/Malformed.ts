/**
 * Why a value does not fit its schema, in one line that names the field.
 */
import { type Schema, SchemaIssue } from "effect"

/** Each problem as `field.path[index]: what was expected`, separated by `; `. */
export const explain = (error: Schema.SchemaError): string =>
  format(error.issue)
    .issues.map(({ message, path = [] }) => {
      const place = path.map(renderKey).join("").replace(/^\./, "")
      return place === "" ? message : `${place}: ${message}`
    })
    .join("; ")

const format = SchemaIssue.makeFormatterStandardSchemaV1()

const renderKey = (segment: PropertyKey | { readonly key: PropertyKey }): string => {
  const key = typeof segment === "object" ? segment.key : segment
  return typeof key === "number" ? `[${key}]` : `.${String(key)}`
}
