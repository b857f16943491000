import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { isExactNumber, parse } from "../../../src/workbench/json/ExactNumber.ts"

describe("ExactNumber", () => {
  it("takes numbers that JavaScript holds exactly as they are", () => {
    assert.deepStrictEqual(parse(`{"a":[3,-4.5,1e-3,9007199254740991],"b":"1.0"}`), {
      a: [3, -4.5, 0.001, 9007199254740991],
      b: "1.0"
    })
  })

  it.each([
    ["3.0", "3.0"],
    ["3.00", "3.0"],
    ["30e-1", "3.0"],
    ["-0.0", "0.0"],
    ["1e3", "1000.0"],
    ["1E25", "1e+25"],
    ["1e400", "1e400"],
    ["1234567890123456789", "1234567890123456789"]
  ])("keeps %s as %s", (text, kept) => {
    const value = parse(text)
    assert.isTrue(isExactNumber(value))
    assert.strictEqual(JSON.stringify(value), kept)
  })

  it("throws what JSON.parse throws", () => {
    assert.throws(() => parse(`{"a":1.0`), SyntaxError)
  })

  it.effect.prop("writes back what it read", [Schema.Json], ([json]) =>
    Effect.sync(() => {
      const text = JSON.stringify(json)
      assert.strictEqual(JSON.stringify(parse(text)), text)
    })
  )

  it.effect.prop("tells every integer from the float of the same value", [Schema.Int], ([integer]) =>
    Effect.sync(() => {
      const [asInteger, asFloat] = [JSON.stringify(parse(`${integer}`)), JSON.stringify(parse(`${integer}.0`))]
      assert.notStrictEqual(asInteger, asFloat)
      assert.strictEqual(Number(asInteger), Number(asFloat))
    })
  )
})
