import { assert, describe, it } from "@effect/vitest"
import { Clock, Duration, Effect, Fiber, Random, Schedule } from "effect"
import { TestClock } from "effect/testing"
import { Crash, Timeout } from "../../src/protocol/RpcError.ts"
import * as Policy from "../../src/services/Policy.ts"
import { counters, sentOf } from "./counters.ts"
import { settle } from "./TestTransport.ts"

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

  it.effect("waits for a reply as long as it takes, and sends the request again meanwhile", () =>
    Effect.gen(function* () {
      const kv = yield* counters(() => Effect.delay(Effect.succeed({ type: "write_ok" }), "1 minute"))
      const write = yield* Effect.forkChild(Policy.retryForever(kv.write("a", 1)), { startImmediately: true })
      yield* settle
      yield* TestClock.adjust("59 seconds")
      yield* settle
      assert.isUndefined(write.pollUnsafe())
      yield* TestClock.adjust("1 second")
      yield* Fiber.join(write)
      const requests = sentOf(kv.node, "write")
      assert.isAbove(requests.length, 100)
      assert.strictEqual(new Set(requests.map(({ body }) => body.msg_id)).size, 1)
    })
  )

  it.effect("sends nothing again outside: a call that follows goes out once", () =>
    Effect.gen(function* () {
      const kv = yield* counters(({ body }) => Effect.succeed(body.type === "write" ? { type: "write_ok" } : undefined))
      yield* Policy.retryForever(kv.write("a", 1))
      const cas = yield* Effect.forkChild(Effect.flip(kv.cas("a", 1, 2)), { startImmediately: true })
      yield* settle
      yield* TestClock.adjust("10 seconds")
      assert.strictEqual((yield* Fiber.join(cas))._tag, "Timeout")
      assert.lengthOf(sentOf(kv.node, "cas"), 1)
    })
  )
})

describe("Policy.idempotent", () => {
  it.effect("sends a request again as a layer says, until the call times out", () =>
    Effect.gen(function* () {
      const kv = yield* counters(() => Effect.succeed(undefined))
      const write = yield* Effect.forkChild(Effect.flip(Policy.idempotent(kv.write("a", 1))), {
        startImmediately: true
      })
      yield* settle
      yield* TestClock.adjust("1 second")
      assert.strictEqual((yield* Fiber.join(write))._tag, "Timeout")
      assert.lengthOf(sentOf(kv.node, "write"), 10)
    }).pipe(
      Effect.provideService(Policy.Resend, Schedule.spaced("100 millis")),
      Effect.provideService(Policy.RpcTimeout, Duration.millis(990))
    )
  )

  it.effect("ends a call with the first answer, also where that is a refusal", () =>
    Effect.gen(function* () {
      let asked = 0
      const kv = yield* counters(() =>
        Effect.sync(() => (++asked < 2 ? undefined : { type: "error", code: 22, text: "not 1" }))
      )
      const cas = yield* Effect.forkChild(Effect.flip(Policy.idempotent(kv.cas("a", 1, 2))), { startImmediately: true })
      yield* settle
      yield* TestClock.adjust("1 second")
      assert.strictEqual((yield* Fiber.join(cas))._tag, "PreconditionFailed")
      assert.strictEqual(asked, 2)
    })
  )
})
