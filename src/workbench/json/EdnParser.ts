/**
 * Parses EDN, Clojure's data notation, into plain data.
 */
import { Predicate } from "effect"
import { parseEDNString } from "edn-data"
import * as Integer from "./Integer.ts"

/**
 * Reads the first value of a text in EDN as what JSON can say: keywords and symbols are their names, lists and sets are
 * arrays, keys of maps are strings, and of a tagged value such as `#jepsen.history.Op{…}` the value remains. A ratio is
 * a number, and an integer of any size keeps its value. What is infinite or not a number stays so, which JSON cannot say. Throws where the text is no EDN.
 */
export const parse = (text: string): unknown =>
  plain(
    parseEDNString(understood(text), {
      mapAs: "map",
      setAs: "array",
      listAs: "array",
      keywordAs: "string",
      charAs: "string",
      tagHandlers: symbolicValues
    })
  )

/**
 * Clojure's notations that the parser does not know, written as it does: `##Inf` as a tagged nil, a character that is a
 * delimiter elsewhere by its number, and an integer that a double may not hold with an `N` behind it. Strings and
 * comments stay as they are.
 */
const understood = (text: string): string =>
  text.replaceAll(unknownNotations, (whole, symbolic?: string, character?: string, integer?: string) => {
    if (symbolic !== undefined) {
      return `#${symbolic} nil`
    }
    if (character !== undefined) {
      return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`
    }
    return integer === undefined ? whole : `${integer}N`
  })

const unknownNotations =
  /"[^"\\]*(?:\\.[^"\\]*)*"|;[^\n]*|##(-?Inf|NaN)|\\([()[\]{}";,#\\])|\\.|(?<![^\s,()[\]{}])([+-]?\d{16,})(?![^\s,()[\]{}])/gs

const symbolicValues = {
  Inf: () => Number.POSITIVE_INFINITY,
  "-Inf": () => Number.NEGATIVE_INFINITY,
  NaN: () => Number.NaN
}

const plain = (value: unknown): unknown => {
  if (Array.isArray(value)) {
    return value.map(plain)
  }
  if (value instanceof Map) {
    return Object.fromEntries([...value].map(([key, inner]) => [keyText(key), plain(inner)]))
  }
  if (value instanceof Date) {
    return value.toISOString()
  }
  if (Predicate.isBigInt(value)) {
    return Integer.toJson(Integer.fromBigInt(value))
  }
  if (Predicate.hasProperty(value, "sym")) {
    return symbol(String(value.sym))
  }
  if (Predicate.hasProperty(value, "val")) {
    return plain(value.val)
  }
  return value
}

/** The parser takes a ratio for a symbol. */
const symbol = (name: string): unknown => {
  const [, numerator, denominator] = /^([+-]?\d+)\/(\d+)$/.exec(name) ?? []
  return numerator === undefined ? name : Number(numerator) / Number(denominator)
}

const keyText = (key: unknown): string => {
  const simple = plain(key)
  return Predicate.isObject(simple) || Array.isArray(simple) ? JSON.stringify(simple) : String(simple)
}
