import { assert, describe, it } from "@effect/vitest"
import { Context, Duration, Effect, Fiber, Layer, Option, Schedule, Schema } from "effect"
import { TestClock } from "effect/testing"
import type { RpcError } from "../../src/protocol/RpcError.ts"
import { LinKv, LwwKv, SeqKv } from "../../src/services/Kv.ts"
import * as Policy from "../../src/services/Policy.ts"
import { counters, increment, sentOf } from "./counters.ts"
import * as TestNode from "./TestNode.ts"
import * as TestStore from "./TestStore.ts"
import { settle, type TestPeer } from "./TestTransport.ts"

const unanswered: TestPeer = () => Effect.undefined

describe("Kv", () => {
  it.effect("reads what was written, and nothing before", () =>
    Effect.gen(function* () {
      const kv = yield* counters(TestStore.make().peer)
      assert.strictEqual((yield* Effect.flip(kv.read("a")))._tag, "KeyDoesNotExist")
      assert.deepStrictEqual(yield* kv.readOption("a"), Option.none())
      yield* kv.write("a", 1)
      yield* kv.write("a", 2)
      assert.strictEqual(yield* kv.read("a"), 2)
      assert.deepStrictEqual(yield* kv.readOption("a"), Option.some(2))
      assert.deepStrictEqual(yield* kv.readOption("b"), Option.none())
    })
  )

  it.effect("compares and sets", () =>
    Effect.gen(function* () {
      const kv = yield* counters(TestStore.make().peer)
      assert.strictEqual((yield* Effect.flip(kv.cas("a", 1, 2)))._tag, "KeyDoesNotExist")
      yield* kv.write("a", 1)
      yield* kv.cas("a", 1, 2)
      assert.strictEqual((yield* Effect.flip(kv.cas("a", 1, 3)))._tag, "PreconditionFailed")
      assert.strictEqual(yield* kv.read("a"), 2)
    })
  )

  it.effect("creates a key once, and does not mind one that has the value already", () =>
    Effect.gen(function* () {
      const kv = yield* counters(TestStore.make().peer)
      yield* kv.createIfNotExists("a", 1)
      yield* kv.createIfNotExists("a", 1)
      assert.strictEqual((yield* Effect.flip(kv.createIfNotExists("a", 2)))._tag, "KeyAlreadyExists")
      assert.strictEqual(yield* kv.read("a"), 1)
    })
  )

  it.effect("asks the service that it is named after", () =>
    Effect.gen(function* () {
      const stores = { "lin-kv": TestStore.make(), "seq-kv": TestStore.make(), "lww-kv": TestStore.make() }
      const { context } = yield* TestNode.services({
        peers: { "lin-kv": stores["lin-kv"].peer, "seq-kv": stores["seq-kv"].peer, "lww-kv": stores["lww-kv"].peer }
      })
      const schemas = { key: Schema.String, value: Schema.String }
      yield* Context.get(context, LinKv).collection(schemas).write("k", "lin")
      yield* Context.get(context, SeqKv).collection(schemas).write("k", "seq")
      yield* Context.get(context, LwwKv).collection(schemas).write("k", "lww")
      assert.deepStrictEqual(
        Object.values(stores).map(({ requests }) => requests),
        [
          [{ type: "write", key: "k", value: "lin" }],
          [{ type: "write", key: "k", value: "seq" }],
          [{ type: "write", key: "k", value: "lww" }]
        ]
      )
    })
  )

  it.effect("encodes keys and values by their schemas", () =>
    Effect.gen(function* () {
      const store = TestStore.make()
      const { context } = yield* TestNode.services({ peers: { "lin-kv": store.peer } })
      const kv = Context.get(context, LinKv).collection({
        key: Schema.Tuple([Schema.Literal("at"), Schema.Int]),
        value: Schema.Struct({ big: Schema.BigIntFromString })
      })
      yield* kv.createIfNotExists(["at", 1], { big: 1n })
      yield* kv.cas(["at", 1], { big: 1n }, { big: 2n ** 70n })
      assert.deepStrictEqual(yield* kv.read(["at", 1]), { big: 2n ** 70n })
      assert.deepStrictEqual([...store.values], [['["at",1]', { big: String(2n ** 70n) }]])
    })
  )

  for (const [what, stored] of [
    ["a value of another type", "ten"],
    ["no integer", 1.5],
    ["null", null]
  ] as const) {
    it.effect(`fails with Crash where ${what} is stored`, () =>
      Effect.gen(function* () {
        const store = TestStore.make()
        store.values.set('"a"', stored)
        const kv = yield* counters(store.peer)
        for (const operation of [kv.read("a"), kv.readOption("a"), kv.update("a", increment)]) {
          const error = yield* Effect.flip(operation as Effect.Effect<unknown, RpcError>)
          assert.strictEqual(error._tag, "Crash")
          assert.include(error.text, "lin-kv")
          assert.deepStrictEqual(error.details, { value: stored })
        }
        assert.deepStrictEqual(store.values.get('"a"'), stored)
      })
    )
  }

  describe("read", () => {
    it.effect("is asked for again while it goes unanswered", () =>
      Effect.gen(function* () {
        let asked = 0
        const kv = yield* counters(() => Effect.sync(() => (++asked < 3 ? undefined : { type: "read_ok", value: 4 })))
        const read = yield* Effect.forkChild(kv.read("a"), { startImmediately: true })
        yield* settle
        // From 80 to 120 % of 300 ms between two requests.
        yield* TestClock.adjust(239)
        yield* settle
        assert.strictEqual(asked, 1)
        yield* TestClock.adjust(121)
        yield* settle
        assert.strictEqual(asked, 2)
        assert.isUndefined(read.pollUnsafe())
        yield* TestClock.adjust(360)
        assert.strictEqual(yield* Fiber.join(read), 4)
      })
    )

    it.effect("takes a late answer to its first request, though it has asked again", () =>
      Effect.gen(function* () {
        let asked = 0
        const kv = yield* counters(() =>
          Effect.delay(
            Effect.sync(() => ({ type: "read_ok", value: 4 })),
            ++asked === 1 ? "3 seconds" : "1 minute"
          )
        )
        const read = yield* Effect.forkChild(kv.read("a"), { startImmediately: true })
        yield* settle
        yield* TestClock.adjust("3 seconds")
        assert.strictEqual(yield* Fiber.join(read), 4)
        assert.isAtLeast(asked, 8)
        yield* TestClock.adjust("1 minute")
        assert.isAtMost(asked, 13, "no more is asked for once there is an answer")
      })
    )

    it.effect("is given up before a client's five seconds are over", () =>
      Effect.gen(function* () {
        const kv = yield* counters(unanswered)
        const read = yield* Effect.forkChild(Effect.flip(kv.read("a")), { startImmediately: true })
        yield* settle
        yield* TestClock.adjust("4999 millis")
        yield* settle
        assert.strictEqual(yield* Effect.map(Fiber.join(read), (error) => error._tag), "Timeout")
        assert.isAtLeast(sentOf(kv.node, "read").length, 3)
      })
    )

    it.effect("is repeated when the service is unavailable for now", () =>
      Effect.gen(function* () {
        let asked = 0
        const kv = yield* counters(() =>
          Effect.sync(() => (++asked < 4 ? { type: "error", code: 11 } : { type: "read_ok", value: 4 }))
        )
        const read = yield* Effect.forkChild(kv.readOption("a"), { startImmediately: true })
        yield* settle
        yield* TestClock.adjust("1 second")
        assert.deepStrictEqual(yield* Fiber.join(read), Option.some(4))
      })
    )

    for (const code of [1, 10, 12, 13, 14, 20, 22, 1000]) {
      it.effect(`is not repeated after an error of code ${code}`, () =>
        Effect.gen(function* () {
          const kv = yield* counters(() => Effect.succeed({ type: "error", code, text: "no" }))
          assert.strictEqual((yield* Effect.flip(kv.read("a"))).code, code)
          assert.lengthOf(sentOf(kv.node, "read"), 1)
        })
      )
    }

    it.effect("is repeated as a layer says", () =>
      Effect.gen(function* () {
        const kv = yield* counters(unanswered)
        const read = yield* kv
          .read("a")
          .pipe(
            Effect.flip,
            Effect.provide([
              Layer.succeed(Policy.RpcTimeout, Duration.millis(100)),
              Layer.succeed(Policy.ReadRetry, Schedule.setInputType<RpcError>()(Schedule.recurs(2)))
            ]),
            Effect.forkChild({ startImmediately: true })
          )
        yield* settle
        yield* TestClock.adjust(300)
        assert.strictEqual((yield* Fiber.join(read))._tag, "Timeout")
        assert.lengthOf(sentOf(kv.node, "read"), 3)
      })
    )
  })

  describe("write, cas and createIfNotExists", () => {
    it.effect("are not repeated when they go unanswered", () =>
      Effect.gen(function* () {
        const kv = yield* counters(unanswered)
        for (const operation of [kv.write("a", 1), kv.cas("a", 1, 2), kv.createIfNotExists("a", 1)]) {
          const before = kv.node.sent.length
          const fiber = yield* Effect.forkChild(Effect.flip(operation), { startImmediately: true })
          yield* settle
          yield* TestClock.adjust("10 seconds")
          assert.strictEqual((yield* Fiber.join(fiber))._tag, "Timeout")
          assert.lengthOf(kv.node.sent, before + 1)
        }
      })
    )
  })
})
