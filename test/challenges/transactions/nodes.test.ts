import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { NodeLayer } from "../../../src/services/NodeProgram.ts"
import { withAborts } from "../../../src/challenges/transactions/AbortRate.ts"
import { challenge6a, challenge6c } from "../../../src/challenges/transactions/challenge.ts"
import { anyJson } from "../../protocol/parsable.ts"
import { askWithTime } from "../../services/askWithTime.ts"
import { isError } from "../../services/replies.ts"
import * as TestNode from "../../services/TestNode.ts"
import * as TestStore from "../../services/TestStore.ts"
import type { TestPeer } from "../../services/TestTransport.ts"

const start = Effect.fnUntraced(function* (layer: NodeLayer, peer: TestPeer = TestStore.make().peer) {
  const node = yield* TestNode.start(layer, { peers: { "lin-kv": peer } })
  const ask = (txn: unknown) => askWithTime(node, { type: "txn", txn }, "10 millis")
  const run = (...txn: ReadonlyArray<unknown>) =>
    Effect.map(ask(txn), (reply) => {
      assert.strictEqual(reply.type, "txn_ok", JSON.stringify(reply))
      return reply.txn as ReadonlyArray<readonly [string, unknown, unknown]>
    })
  const read = (...keys: ReadonlyArray<unknown>) =>
    Effect.map(run(...keys.map((key) => ["r", key, null])), (txn) => txn.map(([, , value]) => value))
  return { node, ask, run, read }
})

const strategies = { ...challenge6a.strategies, ...challenge6c.strategies }

for (const [name, { layer }] of Object.entries(strategies)) {
  describe(`a node for transactions: ${name}`, () => {
    it.effect("fills in reads, in the order that was asked for, and sees its own writes", () =>
      Effect.gen(function* () {
        const { run } = yield* start(layer)
        assert.deepStrictEqual(yield* run(["r", 1, null], ["w", 1, 6], ["r", 1, null], ["w", 2, 9], ["w", 1, 7]), [
          ["r", 1, null],
          ["w", 1, 6],
          ["r", 1, 6],
          ["w", 2, 9],
          ["w", 1, 7]
        ])
        assert.deepStrictEqual(yield* run(["r", 2, null], ["r", 1, null], ["r", 3, null]), [
          ["r", 2, 9],
          ["r", 1, 7],
          ["r", 3, null]
        ])
      })
    )

    it.effect("takes an empty transaction", () =>
      Effect.gen(function* () {
        const { run } = yield* start(layer)
        assert.deepStrictEqual(yield* run(), [])
      })
    )

    it.effect.prop(
      "takes any JSON for a key and for a value",
      [anyJson, anyJson],
      ([key, value]) =>
        Effect.gen(function* () {
          const { read, run } = yield* start(layer)
          yield* run(["w", key, value])
          assert.strictEqual(JSON.stringify(yield* read(key)), JSON.stringify([value]))
        }),
      { arbitrary: { runs: 20 } }
    )

    it.effect.each([
      { what: "an unknown micro-operation", bad: ["x", 1, 2], place: /txn\[1\]/ },
      { what: "a micro-operation without a name", bad: [1, 1, 2], place: /txn\[1\]/ },
      { what: "a tuple that is too short", bad: ["w", 1], place: /txn\[1\]/ },
      { what: "a tuple that is too long", bad: ["w", 1, 2, 3], place: /txn\[1\]/ },
      { what: "an empty tuple", bad: [], place: /txn\[1\]/ },
      { what: "a read with a value", bad: ["r", 1, 2], place: /txn\[1\]/ },
      { what: "an object", bad: { w: 1 }, place: /txn\[1\]/ },
      { what: "null", bad: null, place: /txn\[1\]/ }
    ])("refuses $what by its position, and carries out nothing of that transaction", ({ bad, place }) =>
      Effect.gen(function* () {
        const { ask, read, run } = yield* start(layer)
        yield* run(["w", 1, "before"])
        isError(yield* ask([["w", 1, "lost"], bad, ["w", 2, "lost"]]), 12, place)
        assert.deepStrictEqual(yield* read(1, 2), ["before", null])
      })
    )

    it.effect("refuses what is no transaction", () =>
      Effect.gen(function* () {
        const { ask, node } = yield* start(layer)
        for (const txn of [null, 1, "txn", {}]) {
          isError(yield* ask(txn), 12, /^txn: /)
        }
        isError(yield* node.ask({ type: "txn" }), 12, /^txn: /)
      })
    )

    it.effect("shows nothing of what it has aborted, and aborts nothing that only reads", () =>
      Effect.gen(function* () {
        const { ask, read } = yield* start(withAborts(layer, 0.5))
        let kept: ReadonlyArray<number | null> = [null, null]
        for (let i = 0; i < 40; i++) {
          const key = i % 2
          const txn = [
            ["w", key, -i],
            ["r", 1 - key, null],
            ["w", key, i],
            ["w", `new ${i}`, i]
          ]
          const reply = yield* ask(txn)
          if (reply.type === "error") {
            isError(reply, 30, "aborted")
          } else {
            kept = kept.with(key, i)
          }
          assert.deepStrictEqual(yield* read(0, 1, `new ${i}`), [...kept, reply.type === "error" ? null : i])
        }
      })
    )

    it.effect("aborts the share of transactions that it is told to", () =>
      Effect.gen(function* () {
        const { ask } = yield* start(withAborts(layer, 0.2))
        const replies = yield* Effect.forEach(
          Array.from({ length: 400 }, (_, i) => i),
          (i) => ask([["w", 1, i]])
        )
        const aborted = replies.filter(({ code }) => code === 30).length
        assert.approximately(aborted, 80, 40)
        assert.strictEqual(replies.filter(({ type }) => type === "txn_ok").length, 400 - aborted)
      })
    )
  })
}

describe("transactions in one order over the store", () => {
  const { layer } = challenge6c.strategies["total-order"]!

  it.effect("go on behind what an earlier incarnation of the node has stored", () =>
    Effect.gen(function* () {
      const store = TestStore.make()
      yield* (yield* start(layer, store.peer)).run(["w", "x", 1])
      const { read, run } = yield* start(layer, store.peer)
      yield* run(["w", "y", 2])
      assert.deepStrictEqual(yield* read("x", "y"), [1, 2])
    })
  )

  it.effect("take place once where the store takes a request twice and refuses it the second time", () =>
    Effect.gen(function* () {
      const store = TestStore.make()
      const { read, run } = yield* start(layer, (message) =>
        Effect.flatMap(store.peer(message), (reply) =>
          message.body.type === "cas" && message.body.key === "root" && message.body["create_if_not_exists"] !== true
            ? store.peer(message)
            : Effect.succeed(reply)
        )
      )
      yield* run(["w", "x", 0])
      assert.deepStrictEqual(yield* run(["r", "x", null], ["w", "x", 1]), [
        ["r", "x", 0],
        ["w", "x", 1]
      ])
      assert.deepStrictEqual(yield* read("x"), [1])
    })
  )
})
