/**
 * Parses EDN, Clojure's data notation, into plain data (https://github.com/edn-format/edn).
 *
 * Not by a library: edn-data reads integers of 63 bits as doubles and 3.0 as 3, which are other values to a checker,
 * and takes a line that is cut off for null.
 */
import { Predicate } from "effect"
import { isExactNumber, parse as parseJson } from "./ExactNumber.ts"

/**
 * Reads a text in EDN as what JSON can say: keywords and symbols are their names, characters are strings, lists and
 * sets are arrays, keys of maps are strings, and of a tagged value such as `#jepsen.history.Op{…}` the value remains. A
 * ratio is a number, and an integer of any size keeps its value. What is infinite or not a number stays so, which JSON
 * cannot say. Throws a `SyntaxError` where the text is not one value in EDN.
 */
export const parse = (text: string): unknown => new Reader(text, plainNumber).only()

/** Like {@link parse}, but numbers that a JavaScript number cannot tell apart are kept apart, see `ExactNumber`. */
export const parseExact = (text: string): unknown => new Reader(text, exactNumber).only()

/** What comes next, after what is skipped: spaces, commas and comments. */
const ahead = new RegExp(
  [
    String.raw`[\s,]*(?:;[^\n]*[\s,]*)*`,
    "(",
    [
      String.raw`#?"[^"\\]*(?:\\[^][^"\\]*)*"`,
      String.raw`#\{|#_|##[-\w]+|#[^\s,()[\]{}";#]+`,
      String.raw`[()[\]{}]`,
      String.raw`\\(?:u[0-9a-fA-F]{4}|[a-z]+|[^])`,
      String.raw`[^\s,()[\]{}";\\#][^\s,()[\]{}";]*`
    ].join("|"),
    ")?"
  ].join(""),
  "y"
)

const closing: { readonly [opening: string]: string } = { "(": ")", "[": "]", "{": "}", "#{": "}" }

class Reader {
  readonly #text: string
  readonly #number: (digits: string) => unknown
  #place = 0

  constructor(text: string, number: (digits: string) => unknown) {
    this.#text = text
    this.#number = number
  }

  /** The one value of the text. */
  only(): unknown {
    const value = this.#value(this.#next())
    return this.#next() === undefined ? value : this.#fail()
  }

  /** The next token; undefined at the end. */
  #next(): string | undefined {
    ahead.lastIndex = this.#place
    const token = ahead.exec(this.#text)?.[1]
    this.#place = ahead.lastIndex
    if (token === "#_") {
      this.#value(this.#next())
      return this.#next()
    }
    return token === undefined && this.#place < this.#text.length ? this.#fail() : token
  }

  #value(token: string | undefined): unknown {
    if (token === undefined) {
      return this.#fail()
    }
    switch (token[0]) {
      case '"':
        return unescaped(token.slice(1, -1))
      case "(":
      case "[":
        return this.#sequence(closing[token]!)
      case "{":
        return this.#map()
      case "#":
        return this.#dispatched(token)
      case "\\":
        return characters[token.slice(1)] ?? (token.length === 2 ? token[1] : this.#unicode(token))
      case ":":
        return token.slice(1)
      default:
        return numeric.test(token) ? this.#number(token) : this.#symbol(token)
    }
  }

  #dispatched(token: string): unknown {
    if (token === "#{") {
      return this.#sequence("}")
    }
    if (token.startsWith('#"')) {
      return token.slice(2, -1)
    }
    if (token.startsWith("##")) {
      return symbolic.has(token) ? symbolic.get(token) : this.#fail()
    }
    const value = this.#value(this.#next())
    return token === "#inst" ? new Date(String(value)).toISOString() : value
  }

  #sequence(end: string): Array<unknown> {
    const values: Array<unknown> = []
    for (let token = this.#next(); token !== end; token = this.#next()) {
      values.push(this.#value(token))
    }
    return values
  }

  #map(): unknown {
    const entries: Array<readonly [string, unknown]> = []
    for (let token = this.#next(); token !== "}"; token = this.#next()) {
      const key = this.#value(token)
      entries.push([keyText(key), this.#value(this.#next())])
    }
    return Object.fromEntries(entries)
  }

  #symbol(token: string): unknown {
    if (token in constants) {
      return constants[token]
    }
    const [, numerator, denominator] = /^([+-]?\d+)\/(\d+)$/.exec(token) ?? []
    return numerator === undefined
      ? /^[)\]}]$/.test(token)
        ? this.#fail()
        : token
      : Number(numerator) / Number(denominator)
  }

  #unicode(token: string): string {
    return token.length === 6 && token[1] === "u"
      ? String.fromCharCode(Number.parseInt(token.slice(2), 16))
      : this.#fail()
  }

  #fail(): never {
    throw new SyntaxError(`no EDN before character ${this.#place + 1}`)
  }
}

const numeric = /^[+-]?\d+(?:N|(?:\.\d*)?(?:[eE][+-]?\d+)?M?)$/

const plainNumber = (digits: string): unknown => {
  const exact = exactNumber(digits)
  return isExactNumber(exact) && /[.eE]/.test(exact.rawJSON) ? Number(exact.rawJSON) : exact
}

const exactNumber = (digits: string): unknown => parseJson(digits.replace(/^\+|[NM]$/g, "").replace(/\.(?!\d)/, ".0"))

const constants: { readonly [token: string]: unknown } = Object.assign(Object.create(null), {
  nil: null,
  true: true,
  false: false
})

const symbolic = new Map([
  ["##Inf", Number.POSITIVE_INFINITY],
  ["##-Inf", Number.NEGATIVE_INFINITY],
  ["##NaN", Number.NaN]
])

const characters: { readonly [name: string]: string } = {
  newline: "\n",
  space: " ",
  tab: "\t",
  return: "\r",
  formfeed: "\f",
  backspace: "\b"
}

const unescaped = (text: string): string => (text.includes("\\") ? text.replaceAll(escape, unescape) : text)

const escape = /\\(?:u([0-9a-fA-F]{4})|([0-7]{1,3})|([^]))/g

const unescape = (whole: string, hexadecimal?: string, octal?: string, letter?: string): string => {
  if (hexadecimal !== undefined) {
    return String.fromCharCode(Number.parseInt(hexadecimal, 16))
  }
  if (octal !== undefined) {
    return String.fromCharCode(Number.parseInt(octal, 8))
  }
  const character = { t: "\t", r: "\r", n: "\n", b: "\b", f: "\f", "\\": "\\", '"': '"' }[letter!]
  if (character === undefined) {
    throw new SyntaxError(`${whole} stands for no character`)
  }
  return character
}

const keyText = (key: unknown): string => {
  if (isExactNumber(key)) {
    return key.rawJSON
  }
  return Predicate.isObjectOrArray(key) ? JSON.stringify(key) : String(key)
}
