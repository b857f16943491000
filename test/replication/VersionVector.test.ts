import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import * as VersionVector from "../../src/replication/VersionVector.ts"

const { empty, isAhead, meet, merge } = VersionVector

const Small = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 3 }))
const Vector = Schema.Tuple([Small, Small, Small])

const merged = (a: VersionVector.VersionVector, b: VersionVector.VersionVector) => {
  const result = [...a]
  merge(result, b)
  return result
}
const met = (a: VersionVector.VersionVector, b: VersionVector.VersionVector) => {
  const result = [...a]
  meet(result, b)
  return result
}

describe("VersionVector", () => {
  it("is ahead of another one if it knows more of a single node, whatever else it lacks", () => {
    assert.isTrue(isAhead([0, 1], [5, 0]))
    assert.isFalse(isAhead([5, 0], [5, 0]))
    assert.isFalse(isAhead([4, 0], [5, 0]))
    assert.isFalse(isAhead(empty(2), [0, 0]))
  })

  it.effect.prop("adds up to what either knows, and no more", [Vector, Vector], ([a, b]) =>
    Effect.sync(() => {
      const both = merged(a, b)
      assert.isFalse(isAhead(a, both))
      assert.isFalse(isAhead(b, both))
      assert.isTrue(both.every((count, index) => count === a[index] || count === b[index]))
    })
  )

  it.effect.prop("has in common what both know, and no less", [Vector, Vector], ([a, b]) =>
    Effect.sync(() => {
      const common = met(a, b)
      assert.isFalse(isAhead(common, a))
      assert.isFalse(isAhead(common, b))
      assert.isTrue(common.every((count, index) => count === a[index] || count === b[index]))
    })
  )

  it.effect.prop("is ahead of another one exactly if merging changes that one", [Vector, Vector], ([a, b]) =>
    Effect.sync(() => {
      assert.strictEqual(isAhead(a, b), merged(b, a).join() !== b.join())
    })
  )

  it("counts from 0, in integers", () => {
    const is = Schema.is(VersionVector.VersionVector)
    assert.isTrue(is([0, 1, 2]))
    for (const wrong of [[-1], [0.5], ["1"], [2 ** 53], 3, null]) {
      assert.isFalse(is(wrong))
    }
  })
})
