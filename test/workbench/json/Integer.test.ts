import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { parse } from "../../../src/workbench/json/ExactNumber.ts"
import * as Integer from "../../../src/workbench/json/Integer.ts"

const large = 2n ** 53n

describe("Integer", () => {
  it.each(["0", "-1", "9007199254740991", "9007199254740993", "-123456789012345678901234567890"])(
    "takes %s out of JSON and puts it back",
    (text) => {
      const json = parse(text)
      assert.isTrue(Integer.isInteger(json))
      assert.strictEqual(JSON.stringify(Integer.toJson(Integer.fromJson(json as Integer.Json))), text)
    }
  )

  it.each(["3.0", "0.5", "1e3", "1e400", '"3"', "null", "true", "[]"])("knows that %s is none", (text) => {
    assert.isFalse(Integer.isInteger(parse(text)))
  })

  it.effect.prop(
    "adds and compares as bigints do, and gives each integer one form",
    [Schema.Int, Schema.Int, Schema.Literals([-1, 0, 1])],
    ([near, far, difference]) =>
      Effect.sync(() => {
        for (const [left, right] of [
          [BigInt(near), BigInt(far)],
          [large + BigInt(near % 4), large + BigInt(far % 4)],
          [-large + BigInt(near % 4), BigInt(far)]
        ] as const) {
          const [a, b] = [left, right].map((integer) => Integer.fromJson(parse(`${integer}`) as Integer.Json))
          assert.strictEqual(a! < b!, left < right)
          assert.strictEqual(a === b, left === right)
          assert.strictEqual(Integer.order(a!, b!), left < right ? -1 : left > right ? 1 : 0)
          assert.strictEqual(BigInt(Integer.max(a!, b!)), left < right ? right : left)
          const sum = Integer.plus(a!, difference)
          assert.strictEqual(sum, Integer.fromJson(parse(`${left + BigInt(difference)}`) as Integer.Json))
        }
      })
  )

  it("leaves what is infinite infinite", () => {
    assert.strictEqual(Integer.plus(Number.POSITIVE_INFINITY, 1), Number.POSITIVE_INFINITY)
  })
})
