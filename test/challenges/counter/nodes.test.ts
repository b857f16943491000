import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { challenge4, pnCounter } from "../../../src/challenges/counter/challenge.ts"
import { layer as perNode } from "../../../src/challenges/counter/perNode.ts"
import type { Message } from "../../../src/protocol/Message.ts"
import type { NodeLayer } from "../../../src/services/NodeProgram.ts"
import { askWithTime } from "../../services/askWithTime.ts"
import { isError } from "../../services/replies.ts"
import * as TestNode from "../../services/TestNode.ts"
import * as TestStore from "../../services/TestStore.ts"
import { settle, type TestPeer } from "../../services/TestTransport.ts"

const max = Number.MAX_SAFE_INTEGER

const start = Effect.fnUntraced(function* (layer: NodeLayer, peer: TestPeer = TestStore.make().peer) {
  const node = yield* TestNode.run(layer, { peers: { "seq-kv": peer } })
  const init = yield* Effect.forkChild(node.init, { startImmediately: true })
  yield* settle
  yield* TestClock.adjust("1 second")
  yield* Fiber.join(init)
  const add = (delta: unknown) => askWithTime(node, { type: "add", delta })
  const read = Effect.map(askWithTime(node, { type: "read" }), ({ type, value }) => {
    assert.strictEqual(type, "read_ok")
    return value
  })
  return { node, add, read }
})

for (const { strategies, workload } of [challenge4, pnCounter]) {
  describe(`a ${workload} node`, () => {
    for (const [name, { layer }] of Object.entries(strategies)) {
      it.effect(`counts: ${name}`, () =>
        Effect.gen(function* () {
          const { add, read } = yield* start(layer)
          assert.strictEqual(yield* read, 0)
          for (const delta of [3, 0, 4]) {
            assert.strictEqual((yield* add(delta)).type, "add_ok")
          }
          assert.strictEqual(yield* read, 7)
        })
      )

      it.effect(`refuses what is no integer that can be told exactly, and changes nothing: ${name}`, () =>
        Effect.gen(function* () {
          const { add, node, read } = yield* start(layer)
          yield* add(5)
          for (const delta of [1.5, "1", null, true, [1], {}, max + 1, -max - 1, 1e300]) {
            isError(yield* add(delta), 12, /^delta: /)
          }
          isError(yield* askWithTime(node, { type: "add" }), 12, /^delta: /)
          assert.strictEqual(yield* read, 5)
        })
      )

      it.effect(`refuses to go beyond what can be told exactly, and rounds nothing: ${name}`, () =>
        Effect.gen(function* () {
          const { add, read } = yield* start(layer)
          assert.strictEqual((yield* add(max)).type, "add_ok")
          for (const delta of [1, 2, max]) {
            isError(yield* add(delta), 14, /9007199254740992|\d{16,}/)
          }
          assert.strictEqual(yield* read, max)
          assert.strictEqual((yield* add(0)).type, "add_ok")
          assert.strictEqual(yield* read, max)
        })
      )

      const kind = workload === "pn-counter" ? "can be lowered" : "refuses to be lowered, and changes nothing"
      it.effect(`${kind}: ${name}`, () =>
        Effect.gen(function* () {
          const { add, read } = yield* start(layer)
          yield* add(5)
          const reply = yield* add(-7)
          if (workload === "pn-counter") {
            assert.strictEqual(reply.type, "add_ok")
            assert.strictEqual(yield* read, -2)
          } else {
            isError(reply, 12, /^delta: .*-7/)
            assert.strictEqual(yield* read, 5)
          }
        })
      )
    }
  })
}

/** A store that takes 100 ms for everything. */
const slow = () => {
  const store = TestStore.make()
  return { ...store, peer: ((message) => Effect.delay(store.peer(message), 100)) satisfies TestPeer }
}

describe("a counter with a total of each node in the store", () => {
  it.effect("counts what is on its way to the store when it looks for room", () =>
    Effect.gen(function* () {
      const { add, node, read } = yield* start(perNode("grow-only"), slow().peer)
      const first = yield* Effect.forkChild(node.ask({ type: "add", delta: max }), { startImmediately: true })
      yield* settle
      yield* TestClock.adjust("50 millis")
      isError(yield* add(1), 14, "9007199254740992")
      assert.strictEqual((yield* Fiber.join(first)).type, "add_ok")
      assert.strictEqual(yield* read, max)
    })
  )

  it.effect("adds large numbers that cancel each other out, in one write", () =>
    Effect.gen(function* () {
      const store = TestStore.make()
      const { node, read } = yield* start(perNode("positive-negative"), store.peer)
      const adding = yield* Effect.forEach([-max, max, max - 1, 1, -3], (delta) =>
        Effect.forkChild(node.ask({ type: "add", delta }), { startImmediately: true })
      )
      yield* settle
      yield* TestClock.adjust("25 millis")
      const replies = yield* Fiber.joinAll(adding)
      assert.deepStrictEqual(
        replies.map(({ type }) => type),
        ["add_ok", "add_ok", "add_ok", "add_ok", "add_ok"]
      )
      assert.strictEqual(yield* read, max - 3)
    })
  )

  it.effect("gathers additions for one write, and acknowledges them when it holds", () =>
    Effect.gen(function* () {
      const store = slow()
      const { node } = yield* start(perNode("grow-only"), store.peer)
      const before = store.requests.length
      const adding = yield* Effect.forEach([1, 2, 3, 4], (delta) =>
        Effect.forkChild(node.ask({ type: "add", delta }), { startImmediately: true })
      )
      yield* settle
      yield* TestClock.adjust("124 millis")
      assert.isTrue(adding.every((fiber) => fiber.pollUnsafe() === undefined))
      yield* TestClock.adjust("2 millis")
      yield* Fiber.joinAll(adding)
      const writes = store.requests.slice(before)
      assert.deepInclude(writes[0]?.["to"], { total: 10, version: 2 })
      assert.lengthOf(writes, 1)
    })
  )

  it.effect("says a total again where the store stays silent, and counts once what that had heard", () =>
    Effect.gen(function* () {
      const store = TestStore.make()
      let silent = 0
      const { add, read } = yield* start(perNode("grow-only"), (message) =>
        Effect.map(store.peer(message), (reply) => (message.body.type === "cas" && silent-- > 0 ? undefined : reply))
      )
      silent = 3
      assert.strictEqual((yield* askAtLeisure(add(6))).type, "add_ok")
      assert.strictEqual(yield* read, 6)
      assert.deepInclude(store.values.get(`"n1"`) as object, { total: 6 })
    })
  )

  it.effect("goes on from what the store has when it starts anew", () =>
    Effect.gen(function* () {
      const store = TestStore.make()
      yield* Effect.scoped(Effect.flatMap(start(perNode("grow-only"), store.peer), ({ add }) => add(6)))
      const { add, read } = yield* start(perNode("grow-only"), store.peer)
      assert.strictEqual(yield* read, 6)
      yield* add(1)
      assert.strictEqual(yield* read, 7)
    })
  )

  it.effect("loses nothing to a copy of an old request that comes late, also over a restart", () =>
    Effect.gen(function* () {
      const store = TestStore.make()
      const changes: Array<Message> = []
      const peer: TestPeer = (message) => {
        if (message.body.type !== "read") {
          changes.push(message)
        }
        return store.peer(message)
      }
      yield* Effect.scoped(
        Effect.gen(function* () {
          const { add } = yield* start(perNode("grow-only"), peer)
          yield* add(1)
          yield* add(2)
        })
      )
      yield* Effect.forEach(changes.slice(0, -1), store.peer)
      const { add, read } = yield* start(perNode("grow-only"), peer)
      assert.strictEqual(yield* read, 3)
      yield* Effect.forEach(changes.slice(0, -1), store.peer)
      yield* add(4)
      assert.strictEqual(yield* read, 7)
    })
  )

  it.effect("lets what an earlier incarnation had under way take place before it starts, or never", () =>
    Effect.gen(function* () {
      const store = TestStore.make()
      const left = { total: 1, version: 1, incarnation: 7 }
      store.values.set(`"n1"`, left)
      const underWay = (message: Message): Message => ({
        ...message,
        body: { type: "cas", key: "n1", from: left, to: { total: 6, version: 2, incarnation: 7 } }
      })
      const { add, read } = yield* start(perNode("grow-only"), (message) =>
        // It arrives between the reading of this incarnation and its first compare-and-set.
        Effect.tap(store.peer(message), () =>
          message.body.type === "read" ? store.peer(underWay(message)) : Effect.void
        )
      )
      assert.strictEqual(yield* read, 6)
      yield* add(1)
      assert.strictEqual(yield* read, 7)
      assert.deepInclude(store.values.get(`"n1"`) as object, { total: 7 })
    })
  )

  it.effect("is there only when it has seen the others' totals, so that reads do not go back", () =>
    Effect.gen(function* () {
      const store = TestStore.make()
      store.values.set(`"n2"`, { total: 9, version: 1, incarnation: 5 })
      const node = yield* TestNode.start(perNode("grow-only"), {
        nodeIds: ["n1", "n2"],
        peers: { "seq-kv": store.peer }
      })
      assert.strictEqual((yield* node.ask({ type: "read" })).value, 9)
    })
  )

  it.effect("looks at the others' totals at most two seconds after the last time, and writes before it looks", () =>
    Effect.gen(function* () {
      const store = TestStore.make()
      const looks: Array<number> = []
      const node = yield* TestNode.start(perNode("grow-only"), {
        nodeIds: ["n1", "n2"],
        peers: {
          "seq-kv": (message) =>
            Effect.gen(function* () {
              if (message.body.type === "read" && message.body.key === "n2") {
                looks.push(yield* Effect.clockWith((clock) => clock.currentTimeMillis))
                assert.strictEqual(store.requests.at(-1)?.type, "cas")
              }
              return yield* store.peer(message)
            })
        }
      })
      for (let i = 0; i < 600; i++) {
        yield* TestClock.adjust("100 millis")
      }
      assert.isAtLeast(looks.length, 30)
      assert.isBelow(looks.length, 50)
      for (const [i, time] of looks.entries()) {
        assert.isAtMost(time - (looks[i - 1] ?? 0), 2_000)
      }
      store.values.set(`"n2"`, { total: 9, version: 1, incarnation: 5 })
      yield* TestClock.adjust("2 seconds")
      assert.strictEqual((yield* node.ask({ type: "read" })).value, 9)
    })
  )
})

/** A store to which the network brings every compare-and-set twice, and whose last answer comes first. */
const repeated = () => {
  const store = TestStore.make()
  const twice: TestPeer = (message) =>
    message.body.type === "cas" ? Effect.andThen(store.peer(message), store.peer(message)) : store.peer(message)
  return { ...store, twice }
}

for (const [name, { layer }] of Object.entries({
  perNode: pnCounter.strategies["per-node"]!,
  cas: pnCounter.strategies["cas"]!
})) {
  describe(`a counter by compare-and-set: ${name}`, () => {
    it.effect("counts once where the refusal of a copy overtakes the success", () =>
      Effect.gen(function* () {
        const store = repeated()
        const { add, read } = yield* start(layer, store.twice)
        for (const delta of [5, -1, 0, 1, -5]) {
          assert.strictEqual((yield* add(delta)).type, "add_ok")
        }
        assert.strictEqual(yield* read, 0)
        assert.isAtLeast(store.conflicts(), 4)
      })
    )

    it.effect("counts once what the store took and did not confirm", () =>
      Effect.gen(function* () {
        const store = TestStore.make()
        let silent = 0
        const { add, read } = yield* start(layer, (message) =>
          Effect.map(store.peer(message), (reply) => (message.body.type === "cas" && silent-- > 0 ? undefined : reply))
        )
        silent = 3
        assert.strictEqual((yield* askAtLeisure(add(6))).type, "add_ok")
        assert.strictEqual(yield* read, 6)
      })
    )
  })
}

describe("a counter in one key", () => {
  it.effect("adds what came meanwhile at once, and refuses only what has no room", () =>
    Effect.gen(function* () {
      const { node, read } = yield* start(pnCounter.strategies["cas"]!.layer, slow().peer)
      const adding = yield* Effect.forEach([1, max, max - 3, 2, 1, -4], (delta) =>
        Effect.forkChild(node.ask({ type: "add", delta }), { startImmediately: true })
      )
      yield* settle
      yield* TestClock.adjust("1 second")
      const replies = yield* Fiber.joinAll(adding)
      assert.deepStrictEqual(
        replies.map(({ type }) => type),
        ["add_ok", "error", "add_ok", "add_ok", "error", "add_ok"]
      )
      assert.strictEqual(yield* askAtLeisure(read), max - 4)
    })
  )

  it.effect("lets no compare-and-set take place that was given up long ago", () =>
    Effect.gen(function* () {
      const store = TestStore.make()
      const held: Array<Message> = []
      const { add, read } = yield* start(pnCounter.strategies["cas"]!.layer, (message) => {
        if (message.body.type === "cas") {
          held.push(message)
        }
        return store.peer(message)
      })
      for (const delta of [1, -1, 1, -1]) {
        yield* add(delta)
        yield* Effect.forEach(held.slice(0, -1), store.peer)
      }
      assert.strictEqual(yield* read, 0)
    })
  )
})

/** Gives an effect under way some more time. */
const askAtLeisure = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.gen(function* () {
    const fiber = yield* Effect.forkChild(effect, { startImmediately: true })
    for (let i = 0; i < 10; i++) {
      yield* settle
      yield* TestClock.adjust("1 second")
    }
    return yield* Fiber.join(fiber)
  })
