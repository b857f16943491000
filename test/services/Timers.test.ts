import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect, Exit, Random, Schedule, Scope } from "effect"
import { TestClock } from "effect/testing"
import { Timers } from "../../src/services/Timers.ts"
import * as LogRecorder from "./LogRecorder.ts"

/** When an effect ran, in milliseconds since the test began. */
const makeRuns = () => {
  const times: Array<number> = []
  return { times, record: Effect.map(Clock.currentTimeMillis, (now) => void times.push(now)) }
}

const everySecond = Schedule.spaced("1 second")

describe("Timers", () => {
  it.effect("runs once a period, for the first time after the first delay", () =>
    Effect.gen(function* () {
      const timers = yield* Timers
      const { record, times } = makeRuns()
      yield* timers.recur("test", everySecond, record)
      yield* TestClock.adjust(999)
      assert.deepStrictEqual(times, [])
      yield* TestClock.adjust("3 seconds")
      assert.deepStrictEqual(times, [1000, 2000, 3000])
    }).pipe(Effect.provide(Timers.layer))
  )

  it.effect("follows any schedule, and ends with it", () =>
    Effect.gen(function* () {
      const timers = yield* Timers
      const { record, times } = makeRuns()
      const schedule = Schedule.upTo(Schedule.exponential("1 second"), { times: 3 })
      yield* timers.recur("test", schedule, record)
      yield* TestClock.adjust("1 minute")
      assert.deepStrictEqual(times, [1000, 3000, 7000])
    }).pipe(Effect.provide(Timers.layer))
  )

  it.effect("begins a run only when the last is over", () =>
    Effect.gen(function* () {
      const timers = yield* Timers
      const { record, times } = makeRuns()
      yield* timers.recur("test", everySecond, Effect.andThen(record, Effect.sleep("2500 millis")))
      yield* TestClock.adjust("9 seconds")
      assert.deepStrictEqual(times, [1000, 4500, 8000])
    }).pipe(Effect.provide(Timers.layer))
  )

  it.effect("draws every delay from 80 to 120 % of the period with jitter", () =>
    Effect.gen(function* () {
      const timers = yield* Timers
      const { record, times } = makeRuns()
      yield* timers.recur("test", Schedule.jittered(everySecond), record)
      yield* TestClock.adjust("100 seconds")
      const delays = times.map((time, i) => time - (times[i - 1] ?? 0))
      assert.isAtLeast(delays.length, 100 / 1.2 - 1)
      for (const delay of delays) {
        assert.isAtLeast(delay, 800)
        assert.isAtMost(delay, 1200)
      }
      assert.isBelow(Math.min(...delays), 850)
      assert.isAbove(Math.max(...delays), 1150)
    }).pipe(Random.withSeed("jitter"), Effect.provide(Timers.layer))
  )

  for (const [how, failure] of [
    ["fails", Effect.fail("out of luck")],
    ["dies", Effect.die("out of luck")]
  ] as const) {
    it.effect(`logs a run that ${how}, and goes on`, () => {
      const logs = LogRecorder.make()
      return Effect.gen(function* () {
        const timers = yield* Timers
        const { record, times } = makeRuns()
        yield* timers.recur("gossip", everySecond, Effect.andThen(record, failure))
        yield* TestClock.adjust("3 seconds")
        assert.deepStrictEqual(times, [1000, 2000, 3000])
        assert.lengthOf(logs.entries, 3)
        for (const { annotations, level, text } of logs.entries) {
          assert.strictEqual(level, "Warn")
          assert.deepStrictEqual(annotations, { component: "Timers", timer: "gossip" })
          assert.include(text, "out of luck")
        }
      }).pipe(Effect.provide([Timers.layer, logs.layer]))
    })
  }

  it.effect("ends with its scope, also in the middle of a run", () =>
    Effect.gen(function* () {
      const timers = yield* Timers
      const { record, times } = makeRuns()
      const scope = yield* Scope.make()
      yield* timers.recur("test", everySecond, Effect.andThen(Effect.sleep(500), record)).pipe(Scope.provide(scope))
      yield* TestClock.adjust("3200 millis")
      assert.deepStrictEqual(times, [1500, 3000])
      yield* TestClock.adjust("900 millis")
      yield* Scope.close(scope, Exit.void)
      yield* TestClock.adjust("1 minute")
      assert.deepStrictEqual(times, [1500, 3000])
    }).pipe(Effect.provide(Timers.layer))
  )
})
