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
      const where = renderPath(path)
      return where === "" ? message : `${where}: ${message}`
    })
    .join("; ")

const format = SchemaIssue.makeFormatterStandardSchemaV1()

/** Where in a value something is, as in `field.path[index]`. */
export const renderPath = (path: ReadonlyArray<PropertyKey | { readonly key: PropertyKey }>): string =>
  path.map(renderKey).join("").replace(/^\./, "")

const renderKey = (segment: PropertyKey | { readonly key: PropertyKey }): string => {
  const key = typeof segment === "object" ? segment.key : segment
  return typeof key === "number" ? `[${key}]` : `.${String(key)}`
}
