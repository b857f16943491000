/**
 * Writes a history for people, in the columns of Jepsen's `history.txt`: process, type, f, value and error, with tabs
 * between.
 */
import { Predicate } from "effect"
import * as Edn from "../json/Edn.ts"
import type { Operation } from "./Operation.ts"

/** One entry as a line: `0	:ok	:read	[1 2]`. */
export const line = ({ error, f, process, type, value }: Operation): string =>
  [
    Predicate.isString(process) ? `:${process}` : String(process),
    `:${type}`,
    `:${f}`,
    Edn.print(value),
    ...(error === undefined || error === null ? [] : [errorText(error)])
  ].join("\t")

/**
 * As Clojure's `print` shows it, on one line: the name of an error is a keyword, and the text behind it has no quotes.
 */
const errorText = (error: unknown): string => {
  const [name, ...rest] = Array.isArray(error) ? error : [error]
  const parts = [isKeyword(name) ? `:${name}` : Edn.text(name), ...rest.map(Edn.text)].join(" ")
  return (Array.isArray(error) ? `[${parts}]` : parts).replaceAll(/\s+/g, " ")
}

const isKeyword = (value: unknown): value is string => Predicate.isString(value) && /^[a-z][a-z0-9-]*$/.test(value)
