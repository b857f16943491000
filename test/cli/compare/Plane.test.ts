import { assert, describe, it } from "@effect/vitest"
import type { Measurement } from "../../../src/cli/compare/Measurement.ts"
import * as Plane from "../../../src/cli/compare/Plane.ts"
import { publishedResults } from "../../../src/cli/compare/PublishedResults.ts"

const measurement = (strategy: string, messages: number, median: number, frontier = false): Measurement => ({
  challenge: "3d",
  strategy,
  seed: 0,
  verdict: "valid",
  messagesPerOperation: messages,
  charactersPerOperation: 100,
  latencyMillis: { kind: "stable", median, p99: median, maximum: median },
  availability: 1,
  within: [],
  frontier
})

const escaped = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")

/** The texts of a document in which every tag is closed by its own; throws if it is not well-formed. */
const textsOf = (xml: string): ReadonlyArray<string> => {
  const open: Array<string> = []
  const texts: Array<string> = []
  const token = /<!\[CDATA\[[^]*?\]\]>|<(\/?)([a-z:]+)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>|([^<]+)/giy
  while (token.lastIndex < xml.length) {
    const at = token.lastIndex
    const match = token.exec(xml)
    assert.isNotNull(match, `not well-formed at ${at}: ${xml.slice(at, at + 60)}`)
    const [, closing, name, , empty, text] = match!
    if (text !== undefined) {
      assert.notMatch(text, /&(?!(amp|lt|gt|quot|apos|#\d+);)/)
      if (open.at(-1) === "text") {
        texts.push(text)
      }
    } else if (closing === "/") {
      assert.strictEqual(name, open.pop())
    } else if (name !== undefined && empty !== "/") {
      open.push(name)
    }
  }
  assert.deepStrictEqual(open, [])
  return texts
}

describe("Plane", () => {
  it("is a well-formed document that names every strategy and every published result", () => {
    const names = ["hub-450", "direct", "tree", "a <b> & c"]
    const published = publishedResults["3d"]!
    const svg = Plane.svg(
      "Challenge 3, seed 0",
      [
        measurement("hub-450", 0.9, 400, true),
        measurement("direct", 12, 90, true),
        measurement("tree", 12, 390),
        { ...measurement("a <b> & c", 30, 200), verdict: "invalid" }
      ],
      published
    )
    assert.match(svg, /^<svg [^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/)
    const texts = textsOf(svg)
    assert.includeMembers([...texts], ["Challenge 3, seed 0", ...names.map(escaped)])
    for (const { design } of published) {
      assert.isTrue(
        texts.some((text) => text.startsWith(escaped(design))),
        design
      )
    }
    assert.includeMembers([...texts], ["Pareto frontier", "valid", "not valid", "published"])
  })

  it("keeps names apart where points coincide", () => {
    const svg = Plane.svg("any", [measurement("one", 10, 100), measurement("other", 10, 100)], [])
    const heightOf = (name: string) => new RegExp(`translate\\([\\d.]+ ([\\d.]+)\\)"[^>]*>${name}<`).exec(svg)?.[1]
    assert.isDefined(heightOf("one"))
    assert.isDefined(heightOf("other"))
    assert.isAtLeast(Math.abs(Number(heightOf("one")) - Number(heightOf("other"))), 6)
  })

  it("draws what has no messages or no latency as well, and leaves out what was not measured", () => {
    const svg = Plane.svg(
      "any",
      [
        measurement("silent", 0, 0, true),
        measurement("loud", 3, 0),
        { ...measurement("dead", 1, 1), latencyMillis: null }
      ],
      []
    )
    const texts = textsOf(svg)
    assert.includeMembers([...texts], ["silent", "loud"])
    assert.notInclude(texts, "dead")
    assert.notMatch(svg, /NaN|Infinity/)
  })
})
