import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import * as Draw from "../../../src/workbench/simulation/Draw.ts"
import * as Seeds from "../../../src/workbench/simulation/Seeds.ts"

const draws = 20_000

/** How often each outcome came in many draws. */
const counts = (outcomes: number, draw: () => number): ReadonlyArray<number> => {
  const counted = Array.from({ length: outcomes }, () => 0)
  for (let count = 0; count < draws; count++) {
    counted[draw()]!++
  }
  return counted
}

const assertShare = (count: number, share: number) => assert.closeTo(count / draws, share, 0.015)

describe("Draw", () => {
  it("gives every integer below a bound as often, and no other", () => {
    const random = Seeds.random("0", "draw")
    for (const count of counts(5, () => Draw.integerBelow(random, 5))) {
      assertShare(count, 1 / 5)
    }
  })

  it("gives every thing as often", () => {
    const random = Seeds.random("0", "draw")
    for (const count of counts(3, () => Draw.pick(random, [0, 1, 2]))) {
      assertShare(count, 1 / 3)
    }
  })

  it("is true as often as it should be", () => {
    const random = Seeds.random("0", "draw")
    assertShare(counts(2, () => Number(Draw.chance(random, 0.3)))[1]!, 0.3)
  })

  it("gives every order as often", () => {
    const random = Seeds.random("0", "draw")
    const orders = ["012", "021", "102", "120", "201", "210"]
    for (const count of counts(6, () => orders.indexOf(Draw.shuffle(random, [0, 1, 2]).join("")))) {
      assertShare(count, 1 / 6)
    }
  })

  it("gives each index twice as often as the one before", () => {
    const random = Seeds.random("0", "draw")
    for (const [index, count] of counts(4, () => Draw.exponentialIndex(random, 4)).entries()) {
      assertShare(count, 2 ** index / 15)
    }
  })

  it.prop(
    "stays below the count however large the draw",
    [Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 1000 }))],
    ([count]) => {
      const at = (double: number) =>
        Draw.exponentialIndex({ nextDoubleUnsafe: () => double, nextIntUnsafe: () => 0 }, count)
      assert.strictEqual(at(0), 0)
      assert.strictEqual(at(1 - Number.EPSILON / 2), count - 1)
    }
  )
})
