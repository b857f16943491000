import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, Effect, type Schema } from "effect"
import * as ValueSet from "../../../src/challenges/broadcast/ValueSet.ts"
import { anyJson } from "../../protocol/parsable.ts"
import { canonicalText } from "./canonicalText.ts"

const copy = (value: Schema.Json): Schema.Json => JSON.parse(JSON.stringify(value)) as Schema.Json

const uniqueTexts = (values: ReadonlyArray<Schema.Json>) => [...new Set(values.map(canonicalText))]

describe("ValueSet", () => {
  it.effect.prop("holds a value once, however often it is added", [Arbitrary.array(anyJson)], ([values]) =>
    Effect.sync(() => {
      const set = ValueSet.make()
      for (const value of values) {
        set.add(copy(value))
      }
      const held = [...set.values]
      assert.deepStrictEqual(held.map(canonicalText), uniqueTexts(values))
      for (const value of values) {
        assert.isFalse(set.add(copy(value)), JSON.stringify(value))
      }
      assert.deepStrictEqual(set.values, held)
    })
  )

  it("tells values apart that are only alike", () => {
    const set = ValueSet.make()
    const values: ReadonlyArray<Schema.Json> = [
      null,
      false,
      0,
      "",
      "0",
      [],
      {},
      [0],
      [[0]],
      ["0"],
      [0, 1],
      [1, 0],
      { a: 0 },
      { a: null },
      { b: 0 },
      { a: 0, b: 0 },
      "null",
      "[]",
      JSON.parse(`{"__proto__":0}`),
      JSON.parse(`{"__proto__":1}`)
    ]
    for (const value of values) {
      assert.isTrue(set.add(value), JSON.stringify(value))
    }
    assert.deepStrictEqual(set.values, values)
  })

  it("takes objects for the same whatever the order of their keys", () => {
    const set = ValueSet.make()
    assert.isTrue(set.add({ a: 1, b: [2] }))
    assert.isFalse(set.add({ b: [2], a: 1 }))
  })

  it("keeps values in the order in which they were added", () => {
    const set = ValueSet.make()
    for (const value of [3, 1, 2, 1, 3]) {
      set.add(value)
    }
    assert.deepStrictEqual(set.values, [3, 1, 2])
  })
})
