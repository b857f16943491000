import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { canonical, kind, order, same, untyped } from "../../../src/workbench/json/JsonValue.ts"
import { ValueIndex } from "../../../src/workbench/json/ValueIndex.ts"
import { parse } from "../../../src/workbench/json/ExactNumber.ts"

describe("JsonValue", () => {
  it("is the same whatever the order of an object's keys", () => {
    assert.isTrue(same({ a: 1, b: [{ c: null, d: true }] }, { b: [{ d: true, c: null }], a: 1 }))
    assert.isFalse(same({ a: 1 }, { a: 1, b: null }))
  })

  it("tells an integer, a float and a string apart, whose untyped names are the same", () => {
    const values = [3, parse("3.0"), "3"]
    assert.strictEqual(new Set(values.map(canonical)).size, 3)
    assert.deepStrictEqual(values.map(untyped), ["3", "3", "3"])
    assert.deepStrictEqual(values.map(kind), ["an integer", "a float", "a string"])
  })

  it("does not take integers that share a double for the same without their type", () => {
    const values = [parse("9007199254740992"), parse("9007199254740993")]
    assert.strictEqual(new Set(values.map(untyped)).size, 2)
    assert.deepStrictEqual(values.map(kind), ["an integer", "an integer"])
  })

  it("names the kind of every value", () => {
    const kinds = [0.5, null, true, [], {}].map(kind)
    assert.deepStrictEqual(kinds, ["a float", "null", "a boolean", "a list", "an object"])
  })

  it("orders by kind, numbers by size, and lists by length first", () => {
    const ordered = [null, false, true, -1, parse("2.0"), 10, "10", "9", ["z"], ["a", 1], ["a", 2], { a: 1 }]
    assert.deepStrictEqual(ordered.toReversed().toSorted(order), ordered)
  })

  it("orders integers that share a double", () => {
    const [less, more] = [parse("9007199254740992"), parse("9007199254740993")]
    assert.strictEqual(order(less, more), -1)
    assert.strictEqual(order(more, less), 1)
  })

  it.effect.prop("orders any two values one way", [Schema.Json, Schema.Json], ([left, right]) =>
    Effect.sync(() => {
      assert.strictEqual(order(left, right) + order(right, left), 0)
      assert.strictEqual(order(left, left), 0)
    })
  )
})

describe("ValueIndex", () => {
  it.effect.prop("gives a number to every different value", [Schema.Array(Schema.Json)], ([values]) =>
    Effect.sync(() => {
      const index = new ValueIndex(values)
      assert.strictEqual(index.values.length, new Set(values.map(canonical)).size)
      for (const value of values) {
        assert.isTrue(same(index.values[index.get(value)!], value))
      }
    })
  )

  it("does not take a string for the value that it spells", () => {
    const index = new ValueIndex([[1], 2, parse("2.0")])
    assert.deepStrictEqual(
      ["[1]", "2", "2.0"].map((text) => index.get(text)),
      [undefined, undefined, undefined]
    )
  })
})
