import { assert, describe, it } from "@effect/vitest"
import { Effect, Option, Schema } from "effect"
import * as Delta from "../../../src/challenges/counter/Delta.ts"

const max = Number.MAX_SAFE_INTEGER

const errorOf = (effect: Effect.Effect<number, { readonly code: number; readonly text: string }>) =>
  Effect.map(Effect.flip(effect), ({ code, text }) => `${code} ${text}`)

describe("Delta", () => {
  it.effect("lets a grow-only counter grow or stay as it is, and a PN-counter do all", () =>
    Effect.gen(function* () {
      assert.strictEqual(yield* Delta.add("grow-only", 3, 4), 7)
      assert.strictEqual(yield* Delta.add("grow-only", 3, 0), 3)
      assert.strictEqual(yield* Delta.add("positive-negative", 3, -4), -1)
      assert.match(yield* errorOf(Delta.add("grow-only", 3, -1)), /^12 delta: .*-1/)
    })
  )

  it.effect("goes up to the last integer that can be told exactly, in both directions, and refuses the next", () =>
    Effect.gen(function* () {
      assert.strictEqual(yield* Delta.add("grow-only", max - 1, 1), max)
      assert.strictEqual(yield* Delta.add("positive-negative", 1 - max, -1), -max)
      assert.match(yield* errorOf(Delta.add("grow-only", max, 1)), /^14 9007199254740992 /)
      assert.match(yield* errorOf(Delta.add("positive-negative", -max, -1)), /^14 -9007199254740992 /)
      assert.match(yield* errorOf(Delta.add("grow-only", max, max)), /^14 18014398509481982 /)
    })
  )

  it.effect("comes back from a sum that cannot be told", () =>
    Effect.gen(function* () {
      const sum = 2n * BigInt(max)
      assert.match(yield* errorOf(Delta.exact(sum)), /^14 /)
      assert.strictEqual(yield* Delta.add("positive-negative", sum, -max), max)
    })
  )

  it.effect("sums up without rounding on the way", () =>
    Effect.gen(function* () {
      assert.strictEqual(yield* Delta.sum([]), 0)
      assert.strictEqual(yield* Delta.sum([max, max, 2, -max, -max]), 2)
      assert.match(yield* errorOf(Delta.sum([max, 2])), /^14 9007199254740993 /)
    })
  )

  it.effect.prop("is exact or refuses", [Schema.Int, Schema.Int], ([total, delta]) =>
    Effect.gen(function* () {
      const exact = BigInt(total) + BigInt(delta)
      const added = yield* Effect.option(Delta.add("positive-negative", total, delta))
      const expected = exact <= BigInt(max) && exact >= -BigInt(max) ? [exact] : []
      assert.deepStrictEqual(Option.toArray(added).map(BigInt), expected)
    })
  )
})
