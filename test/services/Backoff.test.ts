import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect } from "effect"
import { TestClock } from "effect/testing"
import * as Backoff from "../../src/services/Backoff.ts"
import { Timers } from "../../src/services/Timers.ts"

/** When work is done that finds something new as `news` says, in milliseconds from the beginning. */
const times = Effect.fnUntraced(function* (news: ReadonlyArray<boolean | void>, fastest: number, slowest: number) {
  const at: Array<number> = []
  yield* Timers.use((timers) =>
    timers.recur(
      "work",
      Backoff.whileUnchanged(fastest, slowest),
      Effect.map(Clock.currentTimeMillis, (now) => news[at.push(now) - 1])
    )
  ).pipe(Effect.provide(Timers.layer))
  for (let i = 0; i < news.length; i++) {
    yield* TestClock.adjust(slowest)
  }
  return at.slice(0, news.length)
}, Effect.scoped)

/** How far apart they are. */
const gaps = (at: ReadonlyArray<number>) => at.map((time, i) => time - (at[i - 1] ?? 0))

describe("Backoff", () => {
  it.effect("doubles the time between two runs up to the slowest while nothing is new", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(gaps(yield* times(Array(6).fill(false), 100, 1_000)), [100, 200, 400, 800, 1_000, 1_000])
    })
  )

  it.effect("begins anew once something is new, and stays fast as long as there is more", () =>
    Effect.gen(function* () {
      const news = [false, false, true, true, false, false, true, false]
      assert.deepStrictEqual(gaps(yield* times(news, 100, 300)), [100, 200, 300, 100, 100, 100, 200, 100])
    })
  )

  it.effect("takes work that says nothing for nothing new", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(gaps(yield* times([undefined, undefined, false], 100, 300)), [100, 200, 300])
    })
  )

  it.effect("keeps the pace of each timer on its own", () =>
    Effect.gen(function* () {
      const schedule = Backoff.whileUnchanged(100, 1_600)
      const counts = [0, 0]
      const timers = yield* Timers
      yield* timers.recur(
        "busy",
        schedule,
        Effect.sync(() => ++counts[0]! > 0)
      )
      yield* timers.recur(
        "idle",
        schedule,
        Effect.sync(() => ++counts[1]! < 0)
      )
      yield* TestClock.adjust(3_000)
      assert.deepStrictEqual(counts, [30, 4])
    }).pipe(Effect.provide(Timers.layer))
  )
})
