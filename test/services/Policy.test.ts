import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect, Fiber, Random, Schedule } from "effect"
import { TestClock } from "effect/testing"
import { Crash, Timeout } from "../../src/protocol/RpcError.ts"
import * as Policy from "../../src/services/Policy.ts"

describe("Policy.retryForever", () => {
  it.effect("repeats a call until it succeeds, whatever it fails with, at most half a second and jitter apart", () =>
    Effect.gen(function* () {
      const times: Array<number> = []
      const call = Effect.gen(function* () {
        times.push(yield* Clock.currentTimeMillis)
        return times.length <= 20
          ? yield* times.length % 2 === 0 ? new Timeout({ text: "no reply" }) : new Crash({ text: "a bug" })
          : times.length
      })
      const fiber = yield* Effect.forkChild(Policy.retryForever(call), { startImmediately: true })
      yield* TestClock.adjust("1 minute")
      assert.strictEqual(yield* Fiber.join(fiber), 21)
      const delays = times.slice(1).map((time, i) => time - times[i]!)
      assert.isAtLeast(delays[0]!, 16)
      assert.isAtMost(delays[0]!, 24)
      assert.isAtMost(Math.max(...delays), 600)
    }).pipe(Random.withSeed("retries"))
  )

  it.effect("follows another schedule where a layer says so, and ends with it", () =>
    Effect.gen(function* () {
      let calls = 0
      const call = Effect.suspend(() => Effect.fail(new Timeout({ text: `call ${++calls}` })))
      const error = yield* Effect.flip(Policy.retryForever(call))
      assert.strictEqual(error.text, "call 4")
    }).pipe(Effect.provideService(Policy.RetryForever, Schedule.recurs(3)))
  )
})
