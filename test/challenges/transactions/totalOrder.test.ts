import { assert, describe, it } from "@effect/vitest"
import { Array, Duration, Effect, Fiber, Schedule } from "effect"
import { TestClock } from "effect/testing"
import { challenge6c } from "../../../src/challenges/transactions/challenge.ts"
import { Txn } from "../../../src/protocol/Txn.ts"
import { askWithTime } from "../../services/askWithTime.ts"
import * as TestNode from "../../services/TestNode.ts"
import * as TestStore from "../../services/TestStore.ts"
import { settle, type TestPeer } from "../../services/TestTransport.ts"
import { run as runCluster } from "../cluster.ts"

const { layer } = challenge6c.strategies["total-order"]!

const start = Effect.fnUntraced(function* (peer: TestPeer) {
  const node = yield* TestNode.start(layer, { peers: { "lin-kv": peer } })
  const ask = (time: Duration.Input, ...txn: ReadonlyArray<unknown>) => askWithTime(node, { type: "txn", txn }, time)
  const run = (...txn: ReadonlyArray<unknown>) => ask("10 millis", ...txn)
  const read = (keys: ReadonlyArray<unknown>) =>
    Effect.map(run(...keys.map((key) => ["r", key, null])), ({ txn }) =>
      (txn as ReadonlyArray<readonly unknown[]>).map(([, , value]) => value)
    )
  return { node, run, read }
})

const keys = Array.range(0, 99)

describe("transactions in one order over the store", () => {
  it.effect("are all there after any number of them, for a node that starts anew and for one that fell behind", () =>
    Effect.gen(function* () {
      const store = TestStore.make()
      const behind = yield* start(store.peer)
      const ahead = yield* start(store.peer)
      for (const count of [1, 7, 8, 9, 40]) {
        yield* behind.run(["w", "last", count])
        for (const i of Array.range(1, count)) {
          yield* ahead.run(["w", i % 2 === 0 ? "even" : i, count * i])
        }
        const expected = yield* ahead.read([...keys, "even", "last"])
        assert.strictEqual(expected.at(-1), count)
        assert.deepStrictEqual(yield* behind.read([...keys, "even", "last"]), expected)
        assert.deepStrictEqual(yield* (yield* start(store.peer)).read([...keys, "even", "last"]), expected)
      }
    })
  )

  it.effect("are kept in values of bounded size", () =>
    Effect.gen(function* () {
      const store = TestStore.make()
      const { run } = yield* start(store.peer)
      for (const i of Array.range(1, 800)) {
        yield* run(["w", i, i])
      }
      const [root, ...pages] = [...store.values.entries()]
        .toSorted(([a]) => (a === '"root"' ? -1 : 1))
        .map(
          ([, value]) => value as { readonly batches: ReadonlyArray<unknown>; readonly writes: ReadonlyArray<unknown> }
        )
      assert.isAtMost(root!.batches.length, 16)
      assert.isAtMost(Math.max(...pages.map(({ writes }) => writes.length)), 520)
    })
  )

  it.effect("take place once where their answer is lost, and a hundred others come before it is looked for", () =>
    Effect.gen(function* () {
      const store = TestStore.make()
      const other = yield* start(store.peer)
      let lost = 1
      const { node, run } = yield* start((message) =>
        Effect.map(store.peer(message), (reply) => (message.body.type === "cas" && lost-- > 0 ? undefined : reply))
      )
      yield* other.run(["w", "x", 0])
      yield* run(["r", "x", null])
      const txn = [
        ["r", "x", null],
        ["w", "x", 1]
      ]
      const asking = yield* Effect.forkChild(node.ask({ type: "txn", txn }), { startImmediately: true })
      yield* settle
      assert.strictEqual(lost, 0)
      for (const key of keys) {
        yield* other.run(["w", key, key])
      }
      yield* TestClock.adjust("3 seconds")
      assert.deepStrictEqual<unknown>((yield* Fiber.join(asking)).txn, [
        ["r", "x", 0],
        ["w", "x", 1]
      ])
      assert.deepStrictEqual(yield* other.read(["x", ...keys]), [1, ...keys])
    })
  )

  it.effect.each(["0", "1", "2", "3", "4"])(
    "are back within 10 s on a node that starts anew after 200 of them, where three in ten messages are lost, seed %s",
    (seed) =>
      runCluster(
        layer,
        { size: 2, latencyMillis: 10, seed },
        Effect.fnUntraced(function* ({ clients, lose, nodes, restart }) {
          const client = clients[0]!
          for (const value of Array.range(1, 200)) {
            yield* client.call(Txn.txn, { txn: [["w", value % 50, value]] })
          }
          yield* nodes[0]!.crash
          lose(0.3)
          const read = client.call(Txn.txn, { txn: [["r", 0, null]] })
          const [took, { txn }] = yield* Effect.timed(
            Effect.andThen(restart(0), Effect.retry(read, Schedule.recurs(10)))
          )
          assert.deepStrictEqual(txn, [["r", 0, 200]])
          assert.isAtMost(Duration.toMillis(took), 10_000)
        })
      )
  )
})
