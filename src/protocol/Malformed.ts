/**
 * Explains why a value does not fit its schema, in one line that names the field.
 */
import { Schema, SchemaIssue } from "effect"

/** Each problem as `field.path[index]: what was expected`, separated by `; `. What is no schema error, as it prints. */
export const explain = (error: unknown): string =>
  Schema.isSchemaError(error) ? explainIssue(error.issue) : String(error)

const explainIssue = (issue: SchemaIssue.Issue): string =>
  format(issue)
    .issues.map(({ message, path = [] }) => {
      const where = path.map(renderKey).join("").replace(/^\./, "")
      return where === "" ? message : `${where}: ${message}`
    })
    .join("; ")

const format = SchemaIssue.makeFormatterStandardSchemaV1()

const renderKey = (segment: PropertyKey | { readonly key: PropertyKey }): string => {
  const key = typeof segment === "object" ? segment.key : segment
  return typeof key === "number" ? `[${key}]` : `.${String(key)}`
}
