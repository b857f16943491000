import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect, Schedule, Schema } from "effect"
import * as Flush from "../../src/replication/Flush.ts"

/** How long each kind of node waits that has something to send at these times. */
const waits = (flush: Flush.Flush, ...times: ReadonlyArray<number>) =>
  Effect.gen(function* () {
    const leaf = yield* Schedule.toStep(flush.leaf)
    const hub = yield* Schedule.toStep(flush.hub)
    const millis = (step: typeof leaf) =>
      Effect.forEach(times, (now) => Effect.map(step(now, "own"), ([, delay]) => Duration.toMillis(delay)))
    return { leaf: yield* millis(leaf), hub: yield* millis(hub) }
  })

const Time = Schema.Int.check(Schema.isBetween({ minimum: -1e13, maximum: 1e13 }))
const Period = Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 2000 }))
/** How long a hub waits that has just begun, on a grid of 450 ms. */
const firstWait = (now: number, news: Flush.News) =>
  Effect.gen(function* () {
    const hub = yield* Schedule.toStep(Flush.onGrid(450, "100 millis").hub)
    return Duration.toMillis((yield* hub(now, news))[1])
  })

const Lates = Schema.Array(Schema.Finite.check(Schema.isBetween({ minimum: -200, maximum: 200 })))

describe("Flush", () => {
  it.effect("sends at once, every time", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* waits(Flush.immediately, 0, 1, 1), { leaf: [0, 0, 0], hub: [0, 0, 0] })
    })
  )

  it.effect("waits equally long each time, whatever the time is", () =>
    Effect.gen(function* () {
      const flush = Flush.after("50 millis")
      assert.deepStrictEqual(yield* waits(flush, 0, 49, 1000), { leaf: [50, 50, 50], hub: [50, 50, 50] })
    })
  )

  it.effect("waits for the next multiple of the period, a whole one if this is one", () =>
    Effect.gen(function* () {
      const { leaf } = yield* waits(Flush.onGrid(450), 0, 1, 449, 450, 1_000_000)
      assert.deepStrictEqual(leaf, [450, 449, 1, 450, 350])
    })
  )

  it.effect("lets the hub follow after the messages of the others have arrived", () =>
    Effect.gen(function* () {
      const { hub } = yield* waits(Flush.onGrid(450, "100 millis"), 0, 100, 115, 116, 450)
      assert.deepStrictEqual(hub, [115, 15, 450, 449, 115])
    })
  )

  it.effect("lets the hub wait longer once arrivals are late, and shorter when they no longer are", () =>
    Effect.gen(function* () {
      const hub = yield* Schedule.toStep(Flush.onGrid(450, "100 millis").hub)
      const wait = (now: number, news: Flush.News) =>
        Effect.map(hub(now, news), ([, delay]) => Duration.toMillis(delay))
      assert.strictEqual(yield* wait(0, "own"), 115)
      assert.strictEqual(yield* wait(112, "heard"), 5)
      assert.strictEqual(yield* wait(450, "own"), 117)
      for (let period = 2; period < 1000; period++) {
        yield* wait(450 * period + 100, "heard")
      }
      assert.approximately(yield* wait(450 * 1000, "own"), 105, 1)
    })
  )

  it.effect("lets the hub send a second time what arrives after its flush, but not what is its own or not late", () =>
    Effect.gen(function* () {
      assert.strictEqual(yield* firstWait(120, "heard"), 5)
      assert.strictEqual(yield* firstWait(160, "heard"), 30)
      assert.strictEqual(yield* firstWait(160, "own"), 405)
      assert.strictEqual(yield* firstWait(250, "heard"), 315)
    })
  )

  it.prop("has a margin from 5 to 40 ms that covers what has just been late, up to its bound", [Lates], ([lates]) => {
    let margin = 15
    for (const late of lates) {
      margin = Flush.margin(margin, late)
      assert.isAtLeast(margin, Math.max(5, Math.min(40, late + 5)))
      assert.isAtMost(margin, 40)
    }
  })

  it.effect.prop(
    "is on the grid at any time, of which some are before 1970, and never waits longer than a period",
    [Time, Period, Period],
    ([now, period, after]) =>
      Effect.gen(function* () {
        const { hub, leaf } = yield* waits(Flush.onGrid(period, after), now)
        for (const [wait, phase] of [
          [leaf[0]!, 0],
          [hub[0]!, after + 15]
        ] as const) {
          assert.isAbove(wait, 0)
          assert.isAtMost(wait, period)
          assert.strictEqual(Math.abs((now + wait - phase) % period), 0)
        }
      })
  )
})
