import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Scope } from "effect"
import { TestClock } from "effect/testing"
import * as RealTime from "../../../src/workbench/simulation/RealTime.ts"

const millis = 1_000_000

describe("RealTime", () => {
  it.effect("begins at 0, whatever the clock says", () =>
    Effect.gen(function* () {
      yield* TestClock.adjust("5 seconds")
      const time = yield* RealTime.make
      assert.strictEqual(time.nowNanos(), 0)
      yield* TestClock.adjust("20 millis")
      assert.strictEqual(time.nowNanos(), 20 * millis)
    })
  )

  it.effect("runs events in the order in which they are due, those of one instant as they were set", () =>
    Effect.gen(function* () {
      const time = yield* RealTime.make
      const happened: Array<string> = []
      const after = (delay: number, name: string) =>
        time.after(delay * millis, () => happened.push(`${name} ${time.nowNanos() / millis}`))
      after(20, "d")
      after(10, "b")
      after(20, "e")
      after(0, "a")
      yield* TestClock.adjust("10 millis")
      after(10, "f")
      after(0, "c")
      yield* TestClock.adjust("10 millis")
      assert.deepStrictEqual(happened, ["a 0", "b 10", "c 10", "d 20", "e 20", "f 20"])
    })
  )

  it.effect("never runs an event at once, nor those that are set by one whose turn it is", () =>
    Effect.gen(function* () {
      const time = yield* RealTime.make
      const happened: Array<string> = []
      time.after(0, () => {
        happened.push("first")
        time.after(0, () => happened.push("third"))
      })
      time.after(0.4 * millis, () => happened.push("second"))
      assert.deepStrictEqual(happened, [])
      yield* Effect.repeat(Effect.yieldNow, { times: 5 })
      assert.deepStrictEqual(happened, ["first", "second", "third"])
    })
  )

  it.effect("lets nothing happen any more when its scope is closed", () =>
    Effect.gen(function* () {
      const scope = yield* Scope.make()
      const time = yield* Scope.provide(RealTime.make, scope)
      let happened = 0
      time.after(0, () => happened++)
      time.after(10 * millis, () => happened++)
      yield* Scope.close(scope, Exit.void)
      time.after(0, () => happened++)
      yield* TestClock.adjust("20 millis")
      assert.strictEqual(happened, 0)
    })
  )

  it.live("has events happen no sooner than a millisecond before they are due, and soon after", () =>
    Effect.gen(function* () {
      const time = yield* RealTime.make
      const late: Array<number> = []
      for (let delay = 1; delay <= 30; delay++) {
        const due = time.nowNanos() + delay * millis
        time.after(delay * millis, () => late.push((time.nowNanos() - due) / millis))
      }
      yield* Effect.sleep("100 millis")
      assert.strictEqual(late.length, 30)
      assert.isAtLeast(Math.min(...late), -1)
    })
  )

  it.live("spends no timer on a thousand delays of nothing, one after another", () =>
    Effect.gen(function* () {
      const time = yield* RealTime.make
      yield* Effect.callback<void>((resume) => {
        const next = (left: number) => (left === 0 ? resume(Effect.void) : time.after(0, () => next(left - 1)))
        next(1000)
      })
      assert.isBelow(time.nowNanos() / millis, 500)
    })
  )
})
