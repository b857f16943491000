import { assert, describe, it } from "@effect/vitest"
import { defaults } from "../../../../src/workbench/checkers/CheckOptions.ts"
import * as UniqueIds from "../../../../src/workbench/workloads/unique-ids/Checker.ts"
import { parse } from "../../../../src/workbench/json/ExactNumber.ts"
import { type TinyEntry, tinyHistory } from "../../history/tinyHistory.ts"

const given = (process: number, id: unknown): ReadonlyArray<TinyEntry> => [
  [process, "invoke", "generate"],
  [process, "ok", "generate", id]
]

const check = (...entries: ReadonlyArray<TinyEntry>) => UniqueIds.check(tinyHistory(...entries), defaults)

describe("UniqueIds", () => {
  it("takes ids of different JSON types for different ids", () => {
    const ids = [1, parse("1.0"), "1", [1], { id: 1 }, true, parse("12345678901234567890")]
    const verdict = check(...ids.flatMap((id) => given(0, id)))
    assert.isTrue(verdict.validity)
    assert.strictEqual(verdict.results.acknowledgedCount, ids.length)
    assert.deepStrictEqual(verdict.results.range, [true, { id: 1 }])
  })

  it("tells large integers apart that are one JavaScript number", () => {
    const [first, second] = ["9007199254740992", "9007199254740993"]
    assert.strictEqual(Number(first), Number(second))
    assert.isTrue(check(...given(0, parse(first)), ...given(0, parse(second))).validity)
    assert.isFalse(check(...given(0, parse(first)), ...given(1, parse(first))).validity)
  })

  it("shows a duplicate with the two operations that were given it first", () => {
    const verdict = check(...given(0, "x"), ...given(1, ["a", 1]), ...given(2, ["a", 1]), ...given(3, ["a", 1]))
    assert.isFalse(verdict.validity)
    assert.strictEqual(verdict.results.duplicatedCount, 1)
    assert.deepStrictEqual(verdict.results.duplicated, { '["a",1]': 3 })
    assert.deepStrictEqual(
      verdict.anomalies.map(({ name, operations }) => [name, operations.map(({ index }) => index)]),
      [["duplicated", [3, 5]]]
    )
    assert.include(verdict.anomalies[0]?.message, "n1, n2, n3")
  })

  it("counts requests without an id as attempts only", () => {
    const verdict = check(...given(0, 4), [0, "invoke", "generate"], [0, "info", "generate"], ...given(5, 2))
    assert.deepStrictEqual(verdict.results, {
      validity: true,
      attemptedCount: 3,
      acknowledgedCount: 2,
      duplicatedCount: 0,
      duplicated: {},
      range: [2, 4]
    })
  })

  it("lists the 48 most frequent duplicates, of equally frequent ones the greatest", () => {
    const twice = Array.from({ length: 60 }, (_, id) => [...given(0, id), ...given(0, id)]).flat()
    const verdict = check(...given(0, 0), ...twice)
    const listed = Object.keys(verdict.results.duplicated).map(Number)
    assert.strictEqual(verdict.results.duplicatedCount, 60)
    assert.deepStrictEqual(listed, [0, ...Array.from({ length: 47 }, (_, place) => 13 + place)])
  })

  it("finds a null given out for an id", () => {
    assert.deepStrictEqual(
      check(...given(0, null)).warnings.map(({ name }) => name),
      ["null-id"]
    )
  })
})
