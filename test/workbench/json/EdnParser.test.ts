import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import { assert, describe, it } from "@effect/vitest"
import { Effect, FileSystem, Predicate, Schema } from "effect"
import { gunzipSync } from "node:zlib"
import * as EdnParser from "../../../src/workbench/json/EdnParser.ts"

const recorded = Effect.fnUntraced(function* (file: string) {
  const fileSystem = yield* FileSystem.FileSystem
  const zipped = yield* fileSystem.readFile(`${import.meta.dirname}/../../recorded/${file}.gz`)
  return gunzipSync(zipped).toString()
}, Effect.provide(NodeFileSystem.layer))

/** JSON's values as Clojure would print them. */
const printed = (value: unknown): string => {
  if (Array.isArray(value)) {
    return `[${value.map(printed).join(" ")}]`
  }
  if (Predicate.isObject(value)) {
    return `{${Object.entries(value)
      .map(([key, inner]) => `${printed(key)} ${printed(inner)}`)
      .join(", ")}}`
  }
  return value === null ? "nil" : JSON.stringify(value)
}

/** An integer that is too large to be sure of its value as a number is kept as it was written. */
const exactInteger = (_key: string, value: unknown): unknown =>
  Number.isInteger(value) && !Number.isSafeInteger(value) && !String(value).includes("e")
    ? JSON.rawJSON(String(value))
    : value

describe("Edn", () => {
  it.effect.each([
    "echo-malformed-1",
    "uid-kinds-1",
    "bc-ok-goA3d-1",
    "gc-indef4-1",
    "kafka-norepl-1",
    "lin-err11applied-1",
    "rw-g1a-1",
    "rw-internal-1",
    "rw-writeskew-ser-1"
  ])("reads the results of %s as they are in JSON", (run) =>
    Effect.gen(function* () {
      const results = EdnParser.parse(yield* recorded(`${run}/results.edn`))
      assert.deepStrictEqual(results, JSON.parse(yield* recorded(`${run}/results.json`)))
    })
  )

  it.effect.prop("reads what is printed of any JSON", [Schema.Json], ([value]) =>
    Effect.sync(() => {
      assert.deepStrictEqual(EdnParser.parse(printed(value)), JSON.parse(JSON.stringify(value), exactInteger))
    })
  )

  it.each([
    ["nil", null],
    [":valid?", "valid?"],
    [":jepsen.checker/valid?", "jepsen.checker/valid?"],
    ["java.lang.Double", "java.lang.Double"],
    ["clojure.core$compare", "clojure.core$compare"],
    ["1E-4", 0.0001],
    ["1.50M", 1.5],
    ["-3/4", -0.75],
    ["12N", 12],
    ["99999999999999999999N", JSON.rawJSON("99999999999999999999")],
    ["-9007199254740993", JSON.rawJSON("-9007199254740993")],
    ["##Inf", Number.POSITIVE_INFINITY],
    ["[##-Inf 1]", [Number.NEGATIVE_INFINITY, 1]],
    ["{:a ##NaN, :b 1}", { a: Number.NaN, b: 1 }],
    ['"##Inf \\" \\\\(" ; ##Inf "', '##Inf " \\('],
    ["[\\( \\a \\newline]", ["(", "a", "\n"]],
    ["(1 2)", [1, 2]],
    ["#{:a #{}}", ["a", []]],
    ["{0 0, 0.5 450, 1 600}", { "0": 0, "0.5": 450, "1": 600 }],
    ["{nil 1, [:a 2] 3, {:b 4} 5}", { null: 1, '["a",2]': 3, '{"b":4}': 5 }],
    ["#jepsen.history.Op{:process :nemesis, :value nil}", { process: "nemesis", value: null }],
    ['#inst "2026-01-02T03:04:05.000-00:00"', "2026-01-02T03:04:05.000Z"],
    ['#object[java.lang.Thread 0x1f "Thread"]', ["java.lang.Thread", "0x1f", "Thread"]],
    ['#"[0-9]+"', "[0-9]+"],
    ["[1 #_ 2 3 #_ #_ 4 5 #_[6]]", [1, 3]],
    ["  ,; begins\n{:a ; in it ]\n 1,}; ends", { a: 1 }],
    ['"\\u00fc \\t \\" \\101"', 'ü \t " A'],
    ["[\\u00fc \\n \\; \\space]", ["ü", "n", ";", " "]],
    ["[+5 -0 1.]", [5, -0, 1]],
    ["{:__proto__ 1}", JSON.parse('{"__proto__":1}')]
  ])("reads %s", (text, value) => {
    assert.deepStrictEqual(EdnParser.parse(text), value)
  })

  it.each([
    "",
    "; nothing",
    "[1 2",
    "{:a 1",
    "{:a}",
    "]",
    "[}",
    '"abc',
    '"\\q"',
    "1 2",
    "{:a 1} junk",
    "#tag",
    "##Nan",
    "\\wat",
    "#_ 1",
    '#inst "never"',
    "[".repeat(1e6)
  ])("throws at what is not one value: %s", (text) => {
    assert.throws(() => EdnParser.parse(text))
  })

  it("keeps numbers apart that a double would not", () => {
    const text = "[3 3.0 -4.50 1E3 9223372036854775807 9223372036854775806N 123456789012345678901M 1/4 1.5M]"
    assert.strictEqual(
      JSON.stringify(EdnParser.parseExact(text)),
      "[3,3.0,-4.5,1000.0,9223372036854775807,9223372036854775806,123456789012345678901,0.25,1.5]"
    )
    assert.deepStrictEqual(Object.keys(EdnParser.parseExact("{1.0 1, 9223372036854775807 2}") as object), [
      "1.0",
      "9223372036854775807"
    ])
  })
})
