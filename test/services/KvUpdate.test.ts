import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Layer, Schedule } from "effect"
import { TestClock } from "effect/testing"
import type { RpcError } from "../../src/protocol/RpcError.ts"
import * as Policy from "../../src/services/Policy.ts"
import { counters, increment, sentOf } from "./counters.ts"
import * as TestStore from "./TestStore.ts"
import { settle, type TestPeer } from "./TestTransport.ts"

describe("Kv.update", () => {
  it.effect("stores the next value and returns it", () =>
    Effect.gen(function* () {
      const kv = yield* counters(TestStore.make().peer)
      assert.strictEqual(yield* kv.update("a", increment), 1)
      assert.strictEqual(yield* kv.update("a", increment), 2)
      assert.strictEqual(yield* kv.read("a"), 2)
    })
  )

  it.effect("loses none of 20 concurrent increments from four nodes", () =>
    Effect.gen(function* () {
      const store = TestStore.make()
      const peer: TestPeer = (message) => Effect.delay(store.peer(message), 3)
      const nodes = yield* Effect.forEach(["n1", "n2", "n3", "n4"], (id) => counters(peer, id))
      const fibers = yield* Effect.forEach(
        nodes.flatMap((kv) => [kv, kv, kv, kv, kv]),
        (kv) => Effect.forkChild(kv.update("a", increment), { startImmediately: true })
      )
      yield* settle
      yield* TestClock.adjust("5 seconds")
      const returned = yield* Fiber.joinAll(fibers)
      assert.deepStrictEqual(
        returned.toSorted((a, b) => a - b),
        Array.from({ length: 20 }, (_, i) => i + 1)
      )
      assert.strictEqual(store.values.get('"a"'), 20)
      assert.isAbove(store.conflicts(), 0, "they did get in each other's way")
    })
  )

  for (const [what, lost, tag] of [
    ["goes unanswered", undefined, "Timeout"],
    ["is answered with Crash", { type: "error", code: 13, text: "?" }, "Crash"],
    ["is answered with a code of one's own", { type: "error", code: 1000, text: "?" }, "CustomError"]
  ] as const) {
    for (const initial of [undefined, 5]) {
      it.effect(
        `fails at once when the compare-and-set on ${initial === undefined ? "no" : "a"} value ${what}, applied once`,
        () =>
          Effect.gen(function* () {
            const store = TestStore.make()
            if (initial !== undefined) {
              store.values.set('"a"', initial)
            }
            const kv = yield* counters((message) =>
              Effect.map(store.peer(message), (reply) => (message.body.type === "cas" ? lost : reply))
            )
            const update = yield* Effect.forkChild(Effect.flip(kv.update("a", increment)), { startImmediately: true })
            yield* settle
            yield* TestClock.adjust("10 seconds")
            assert.strictEqual((yield* Fiber.join(update))._tag, tag)
            assert.lengthOf(sentOf(kv.node, "cas"), 1)
            assert.strictEqual(store.values.get('"a"'), (initial ?? 0) + 1)
          })
      )
    }
  }

  it.effect("starts over when the key appears or disappears between its read and its compare-and-set", () =>
    Effect.gen(function* () {
      const store = TestStore.make()
      const interferences: Array<() => void> = [
        () => store.values.set('"a"', 10),
        () => store.values.delete('"a"'),
        () => store.values.set('"a"', 20)
      ]
      const kv = yield* counters((message) =>
        Effect.suspend(() => {
          if (message.body.type === "cas") {
            interferences.shift()?.()
          }
          return store.peer(message)
        })
      )
      const update = yield* Effect.forkChild(kv.update("a", increment), { startImmediately: true })
      yield* settle
      yield* TestClock.adjust("1 second")
      assert.strictEqual(yield* Fiber.join(update), 21)
      assert.lengthOf(sentOf(kv.node, "cas"), 4)
    })
  )

  it.effect("backs off from 1 ms to at most 100 ms with jitter, and gives up before five seconds", () =>
    Effect.gen(function* () {
      const times: Array<number> = []
      const kv = yield* counters(({ body }) =>
        Effect.clockWith((clock) =>
          Effect.sync(() => {
            if (body.type === "read") {
              return { type: "read_ok", value: 1 }
            }
            times.push(clock.currentTimeMillisUnsafe())
            return { type: "error", code: 22, text: "never" }
          })
        )
      )
      const update = yield* Effect.forkChild(Effect.flip(kv.update("a", increment)), { startImmediately: true })
      yield* settle
      for (let i = 0; i < 500; i++) {
        yield* TestClock.adjust(10)
      }
      assert.strictEqual((yield* Fiber.join(update))._tag, "PreconditionFailed")
      const pauses = times.slice(1).map((time, i) => time - times[i]!)
      assert.isAtLeast(pauses.length, 20)
      pauses.forEach((pause, i) => {
        const nominal = Math.min(2 ** i, 100)
        assert.isAtLeast(pause, nominal * 0.8 - 1, `pause ${i}`)
        assert.isAtMost(pause, nominal * 1.2 + 1, `pause ${i}`)
      })
    })
  )

  it.effect("is repeated as its schedule, or a layer, says", () =>
    Effect.gen(function* () {
      const kv = yield* counters(({ body }) =>
        Effect.succeed(body.type === "read" ? { type: "read_ok", value: 1 } : { type: "error", code: 22 })
      )
      const twice = Schedule.setInputType<RpcError>()(Schedule.recurs(2))
      assert.strictEqual((yield* Effect.flip(kv.update("a", increment, twice)))._tag, "PreconditionFailed")
      assert.lengthOf(sentOf(kv.node, "cas"), 3)
      yield* Effect.flip(kv.update("a", increment)).pipe(Effect.provide(Layer.succeed(Policy.UpdateRetry, twice)))
      assert.lengthOf(sentOf(kv.node, "cas"), 6)
    })
  )
})
