/**
 * Reads an entry of a `history.edn`, as Jepsen and so Maelstrom write it: `{:type :ok, :f :read, :value [0], …}`.
 */
import { Predicate } from "effect"
import { parseExact } from "../json/EdnParser.ts"

/**
 * Whether a line is an entry in EDN and none in JSON: keys are keywords, or there is the name of a record before it.
 */
export const isEdn = (line: string): boolean => /^\s*(?:#[\w.]+\s*)?\{\s*:/.test(line)

/**
 * The entry as data in our form: keys without a question mark, and of an exception only that there was one. `index` is
 * its place in the history, for histories that are older than indexes are. Throws where the line is no map in EDN.
 */
export const parse = (line: string, index: number): unknown => {
  const entry = parseExact(line)
  if (!Predicate.isObject(entry)) {
    return entry
  }
  const fields = Object.entries(entry).map(([key, value]) => [
    key.replace(/\?$/, ""),
    key === "exception" ? true : value
  ])
  return { index, ...Object.fromEntries(fields) }
}
