import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import * as IntegerRanges from "../../../../src/workbench/workloads/counter/IntegerRanges.ts"

const Delta = Schema.Int.check(Schema.isBetween({ minimum: -9, maximum: 9 }))
const Deltas = Schema.Array(Delta).check(Schema.isMaxLength(8))

const rangesOf = (deltas: ReadonlyArray<number>): IntegerRanges.IntegerRanges =>
  deltas.reduce(IntegerRanges.withShifted, IntegerRanges.of(0))

const subsetSums = (deltas: ReadonlyArray<number>): ReadonlySet<number> => {
  const sums = deltas.reduce((sofar, delta) => [0, delta].flatMap((shift) => sofar.map((sum) => sum + shift)), [0])
  return new Set(sums)
}

describe("IntegerRanges", () => {
  it("joins ranges that touch and keeps those apart that do not", () => {
    assert.deepStrictEqual(IntegerRanges.withShifted([[0, 2]], 3), [[0, 5]])
    assert.deepStrictEqual(IntegerRanges.withShifted([[0, 2]], 4), [
      [0, 2],
      [4, 6]
    ])
  })

  it.effect.prop("holds the sums of all selections of additions and nothing else", [Deltas], ([deltas]) =>
    Effect.sync(() => {
      const [ranges, sums] = [rangesOf(deltas), subsetSums(deltas)]
      for (let value = -80; value <= 80; value++) {
        assert.strictEqual(IntegerRanges.contains(ranges, value), sums.has(value), `${value}`)
      }
    })
  )

  it.effect.prop("is ascending with a gap between any two ranges", [Deltas], ([deltas]) =>
    Effect.sync(() => {
      const ranges = rangesOf(deltas)
      for (const [place, [lower, upper]] of ranges.entries()) {
        assert.isAtMost(lower, upper)
        assert.isAbove(lower, (ranges[place - 1]?.[1] ?? -Infinity) + 1)
      }
    })
  )

  it("holds no fractions and nothing that is not a number", () => {
    assert.isFalse(IntegerRanges.contains([[0, 5]], 2.5))
    assert.isFalse(IntegerRanges.contains([[0, 5]], "2"))
  })
})
