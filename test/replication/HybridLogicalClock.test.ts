import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, Effect, Schema } from "effect"
import { TestClock } from "effect/testing"
import * as HybridLogicalClock from "../../src/replication/HybridLogicalClock.ts"

/** What happens to a clock: the wall clock shows another time, or another node's timestamp is observed. */
const Event = Schema.Union([
  Schema.Struct({ wall: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 20 })) }),
  Schema.Struct({
    observed: Schema.Tuple([
      Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 25 })),
      Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 3 }))
    ])
  })
])

describe("HybridLogicalClock", () => {
  it.effect("shows the wall clock, and counts within a millisecond", () =>
    Effect.gen(function* () {
      const { now } = yield* HybridLogicalClock.make
      yield* TestClock.setTime(1_000)
      assert.deepStrictEqual(
        [now(), now(), now()],
        [
          [1_000, 0],
          [1_000, 1],
          [1_000, 2]
        ]
      )
      yield* TestClock.setTime(1_001)
      assert.deepStrictEqual(now(), [1_001, 0])
    })
  )

  it.effect("goes on from where it was when the wall clock steps back, and follows it again later", () =>
    Effect.gen(function* () {
      const { now } = yield* HybridLogicalClock.make
      yield* TestClock.setTime(10_000)
      assert.deepStrictEqual(now(), [10_000, 0])
      yield* TestClock.setTime(2_000)
      assert.deepStrictEqual(
        [now(), now()],
        [
          [10_000, 1],
          [10_000, 2]
        ]
      )
      yield* TestClock.setTime(10_001)
      assert.deepStrictEqual(now(), [10_001, 0])
    })
  )

  it.effect("is behind no timestamp that it has observed, and takes no notice of old ones", () =>
    Effect.gen(function* () {
      const clock = yield* HybridLogicalClock.make
      yield* TestClock.setTime(1_000)
      clock.observe([50_000, 7])
      assert.deepStrictEqual(clock.now(), [50_000, 8])
      clock.observe([50_000, 3])
      clock.observe([999, 100])
      assert.deepStrictEqual(clock.now(), [50_000, 9])
    })
  )

  it.effect("takes a timestamp for a forgery that is hours ahead of the wall clock, and stays where it was", () =>
    Effect.gen(function* () {
      const clock = yield* HybridLogicalClock.make
      yield* TestClock.setTime(1_000)
      const hour = 3_600_000
      assert.isTrue(clock.observe([1_000 + hour, 0]))
      assert.isFalse(clock.observe([1_001 + 2 * hour, 0]))
      assert.isFalse(clock.observe([Number.MAX_SAFE_INTEGER, 0]))
      assert.deepStrictEqual(clock.now(), [1_000 + hour, 1])
    })
  )

  it("orders timestamps by time and then by count", () => {
    const sorted: ReadonlyArray<HybridLogicalClock.Timestamp> = [
      [1, 0],
      [1, 1],
      [1, 10],
      [2, 0],
      [10, 0]
    ]
    assert.deepStrictEqual(sorted.toReversed().toSorted(HybridLogicalClock.compare), sorted)
    assert.strictEqual(HybridLogicalClock.compare([1, 1], [1, 1]), 0)
  })

  it.effect.prop(
    "gives timestamps above all that were taken or observed before, whatever the wall clock does",
    [Arbitrary.schema(Schema.Array(Event))],
    ([events]) =>
      Effect.gen(function* () {
        const clock = yield* HybridLogicalClock.make
        const seen: Array<HybridLogicalClock.Timestamp> = []
        for (const event of events) {
          if ("wall" in event) {
            yield* TestClock.setTime(event.wall)
          } else {
            clock.observe(event.observed)
            seen.push(event.observed)
          }
          const now = clock.now()
          assert.isTrue(seen.every((other) => HybridLogicalClock.compare(other, now) < 0))
          seen.push(now)
        }
      })
  )
})
