import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Layer, Schedule } from "effect"
import { TestClock } from "effect/testing"
import type { NodeLayer } from "../../../src/services/NodeProgram.ts"
import { challenge5a, challenge5b, challenge5c } from "../../../src/challenges/log/challenge.ts"
import * as Ownership from "../../../src/challenges/log/Ownership.ts"
import { NodeId } from "../../../src/protocol/NodeId.ts"
import type { RpcError } from "../../../src/protocol/RpcError.ts"
import * as Policy from "../../../src/services/Policy.ts"
import { askWithTime } from "../../services/askWithTime.ts"
import { isError } from "../../services/replies.ts"
import * as TestNode from "../../services/TestNode.ts"
import * as TestStore from "../../services/TestStore.ts"
import { settle, type TestPeer } from "../../services/TestTransport.ts"

const { leader, sharded, cas } = challenge5b.strategies
const { replicated } = challenge5c.strategies

const alone = Effect.fnUntraced(function* (layer: NodeLayer, peer: TestPeer = TestStore.make().peer) {
  const node = yield* TestNode.start(layer, { peers: { "lin-kv": peer } })
  const send = (key: string, msg: unknown) => askWithTime(node, { type: "send", key, msg }, "5 seconds")
  const poll = (offsets: unknown) => Effect.map(askWithTime(node, { type: "poll", offsets }), ({ msgs }) => msgs)
  const committed = (...keys: ReadonlyArray<string>) =>
    Effect.map(askWithTime(node, { type: "list_committed_offsets", keys }), ({ offsets }) => offsets)
  const commit = (offsets: unknown) => askWithTime(node, { type: "commit_offsets", offsets })
  return { node, send, poll, commit, committed }
})

for (const { id, strategies } of [challenge5a, challenge5b, challenge5c]) {
  describe(`a node of ${id}`, () => {
    for (const [name, { layer }] of Object.entries(strategies)) {
      // Without an owner the clock of the node counts the records of all logs.
      const [a, b, a2, a3] = name === "leaderless" ? [0, 1, 2, 3] : [0, 0, 1, 2]
      const what = name === "leaderless" ? "from 0, with gaps" : "from 0 without gaps"
      it.effect(`gives records offsets ${what}, and returns them from any on: ${name}`, () =>
        Effect.gen(function* () {
          const { poll, send } = yield* alone(layer)
          const offsets = yield* Effect.forEach(["a", "b", "a", "a"], (key, i) => send(key, { i }))
          assert.deepStrictEqual<unknown>(
            offsets.map(({ offset }) => offset),
            [a, b, a2, a3]
          )
          assert.deepStrictEqual<unknown>(yield* poll({ a: 1, b: 0 }), {
            a: [
              [a2, { i: 2 }],
              [a3, { i: 3 }]
            ],
            b: [[b, { i: 1 }]]
          })
        })
      )

      it.effect(`leaves out logs that it does not know, or that have no more: ${name}`, () =>
        Effect.gen(function* () {
          const { commit, committed, poll, send } = yield* alone(layer)
          yield* send("a", 1)
          assert.deepStrictEqual(yield* poll({ a: 1, unknown: 0, toString: 5 }), {})
          assert.deepStrictEqual(yield* poll({}), {})
          assert.deepStrictEqual(yield* committed("a", "unknown"), {})
          yield* commit({ a: 0 })
          assert.deepStrictEqual(yield* committed("a", "unknown"), { a: 0 })
        })
      )

      it.effect(`refuses offsets that are none, names the field, and changes nothing: ${name}`, () =>
        Effect.gen(function* () {
          const { commit, committed, node } = yield* alone(layer)
          yield* commit({ good: 3 })
          for (const offset of [-1, 0.5, "2", null, 2 ** 53]) {
            isError(yield* commit({ good: 7, bad: offset }), 12, /offsets\.bad: /)
            isError(yield* node.ask({ type: "poll", offsets: { good: 0, bad: offset } }), 12, /offsets\.bad: /)
          }
          isError(yield* commit([1]), 12, /^offsets/)
          isError(yield* node.ask({ type: "list_committed_offsets", keys: [1] }), 12, /keys\[0\]: /)
          isError(yield* node.ask({ type: "send", key: 1, msg: 1 }), 12, /^key: /)
          isError(yield* node.ask({ type: "send", key: "a" }), 12, /^msg: /)
          assert.deepStrictEqual(yield* committed("good", "bad"), { good: 3 })
        })
      )

      it.effect(`lets commits move forward only: ${name}`, () =>
        Effect.gen(function* () {
          const { commit, committed } = yield* alone(layer)
          yield* commit({ a: 5, b: 1 })
          assert.strictEqual((yield* commit({ a: 3, b: 2 })).type, "commit_offsets_ok")
          assert.deepStrictEqual(yield* committed("a", "b"), { a: 5, b: 2 })
        })
      )

      it.effect(`returns a bounded number of records, some of every log: ${name}`, () =>
        Effect.gen(function* () {
          const { node, poll } = yield* alone(layer)
          const keys = Array.from({ length: 9 }, (_, i) => `k${i}`)
          for (let msg = 0; msg < 520; msg++) {
            const sends = Effect.forEach(keys, (key) => node.ask({ type: "send", key, msg }), {
              concurrency: "unbounded"
            })
            yield* Effect.all([sends, Effect.andThen(settle, TestClock.adjust("1 millis"))], { concurrency: 2 })
          }
          const from = name === "leaderless" ? 5 * keys.length : 5
          const polled = (yield* poll(Object.fromEntries(keys.map((key) => [key, from])))) as Record<
            string,
            Array<readonly [number, number]>
          >
          const counts = Object.values(polled).map(({ length }) => length)
          assert.deepStrictEqual(Object.keys(polled).toSorted(), keys)
          assert.isTrue(counts.every((count) => count === 455 || count === 456))
          assert.strictEqual(polled["k0"]![454]![1], 459)
        })
      )
    }
  })
}

/** A key that `n2` owns, of the nodes `n1` and `n2`. */
const foreign = ["0", "1", "2", "3", "4", "5", "6", "7"].find(
  (key) => Ownership.rendezvous([NodeId.make("n1"), NodeId.make("n2")])(key) === NodeId.make("n2")
)!

const nodeIds = ["n1", "n2"]

describe("a send to a node that does not own the log", () => {
  for (const [name, { layer }] of Object.entries({ replicated: replicated! })) {
    it.effect(
      `is passed on once, and answered with an error that leaves it open when the owner is silent: ${name}`,
      () =>
        Effect.gen(function* () {
          const forwarded: Array<unknown> = []
          const node = yield* TestNode.start(layer, {
            nodeIds,
            peers: {
              "lin-kv": TestStore.make().peer,
              n2: ({ body }) => Effect.sync(() => void (body.type === "forward_send" && forwarded.push(body)))
            }
          })
          isError(
            yield* askWithTime(node, { type: "send", key: foreign, msg: 1 }, "4 seconds"),
            0,
            /forward_send from n2/
          )
          assert.strictEqual(forwarded.length, 1)
        })
    )

    it.effect(`is answered with the owner's error: ${name}`, () =>
      Effect.gen(function* () {
        const node = yield* TestNode.start(layer, {
          nodeIds,
          peers: {
            "lin-kv": TestStore.make().peer,
            n2: ({ body }) =>
              Effect.succeed(body.msg_id === undefined ? undefined : { type: "error", code: 11, text: "not yet" })
          }
        })
        isError(yield* askWithTime(node, { type: "send", key: foreign, msg: 1 }), 11, "not yet")
      })
    )
  }
})

describe("the owner of a log", () => {
  /** What `n1` sends that is asked to append to a log of `n2`, as it comes to `n2`. */
  const forward = Effect.fnUntraced(function* (layer: NodeLayer, msg: number) {
    const messages: Array<{ readonly type: string }> = []
    const node = yield* TestNode.start(layer, {
      nodeIds,
      peers: {
        "lin-kv": TestStore.make().peer,
        n2: ({ body }) => Effect.sync(() => void (body.type === "forward_send" && messages.push(body)))
      }
    })
    yield* askWithTime(node, { type: "send", key: foreign, msg }, "5 seconds")
    return messages[0]!
  })

  for (const [name, { layer }] of Object.entries({ sharded: sharded!, replicated: replicated! })) {
    it.effect(`appends a send once that the network brings twice, and answers as before: ${name}`, () =>
      Effect.gen(function* () {
        const store = TestStore.make()
        /** How the owner names its log of records when it asks what there is. */
        let log: unknown
        const owner = yield* TestNode.start(layer, {
          id: "n2",
          nodeIds,
          peers: {
            "lin-kv": (message) => Effect.delay(store.peer(message), 50),
            n1: ({ body }) =>
              Effect.sync(() => {
                if (body.type === "replicate log" && log === undefined) {
                  log = (body as unknown as { have: [{ logs: [unknown] }] }).have[0].logs[0]
                }
                return undefined as never
              })
          }
        }).pipe(
          Effect.forkChild,
          Effect.tap(settle),
          Effect.tap(TestClock.adjust("1 second")),
          Effect.flatMap(Fiber.join)
        )
        // Once the other node, which knows of its start, has told what it has, an owner knows that it is new.
        yield* owner.deliver("n1", "n2", {
          type: "replicate log",
          have: [{ logs: log === undefined ? [[0, 1]] : [[0, 1], log] }, log === undefined ? [0] : [0, 0]],
          entries: []
        } as never)
        const { msg_id: _, ...first } = (yield* forward(layer, 7)) as { msg_id?: number; type: string }
        const { msg_id: __, ...second } = (yield* forward(layer, 8)) as { msg_id?: number; type: string }
        const asking = yield* Effect.forEach([first, first, second], (body) =>
          Effect.forkChild(owner.ask(body), { startImmediately: true })
        )
        yield* settle
        yield* TestClock.adjust("1 second")
        const replies = yield* Fiber.joinAll(asking)
        const late = yield* askWithTime(owner, first)
        assert.deepStrictEqual(
          [...replies, late].map(({ offset, type }) => [type, offset]),
          [0, 0, 1, 0].map((offset) => ["forward_send_ok", offset])
        )
        const { msgs } = yield* owner.ask({ type: "poll", offsets: { [foreign]: 0 } })
        assert.deepStrictEqual<unknown>(msgs, {
          [foreign]: [
            [0, 7],
            [1, 8]
          ]
        })
      })
    )
  }
})

describe("a log in the store", () => {
  for (const [name, { layer }] of Object.entries({ sharded: sharded!, leader: leader!, cas: cas! })) {
    it.effect(`has all records at their offsets after its node has started anew: ${name}`, () =>
      Effect.gen(function* () {
        const store = TestStore.make()
        const incarnation = (first: number) =>
          Effect.gen(function* () {
            const { poll, send } = yield* alone(layer, store.peer)
            for (let i = first; i < first + 70; i++) {
              assert.strictEqual((yield* send("a", i)).offset, i)
            }
            return yield* poll({ a: 0 })
          }).pipe(Effect.scoped)
        yield* incarnation(0)
        const records = (yield* incarnation(70)) as Record<string, unknown>
        assert.deepStrictEqual(
          records["a"],
          Array.from({ length: 140 }, (_, i) => [i, i])
        )
      })
    )

    it.effect(`appends once what the store did not confirm: ${name}`, () =>
      Effect.gen(function* () {
        const store = TestStore.make()
        let silent = 2
        const { poll, send } = yield* alone(layer, (message) =>
          Effect.map(store.peer(message), (reply) => (message.body.type === "cas" && silent-- > 0 ? undefined : reply))
        )
        const first = yield* Effect.forkChild(send("a", "first"), { startImmediately: true })
        for (let i = 0; i < 10; i++) {
          yield* settle
          yield* TestClock.adjust("1 second")
        }
        yield* Fiber.join(first)
        for (let i = 0; i < 3; i++) {
          yield* send("a", i)
        }
        const { a } = (yield* poll({ a: 0 })) as { a: Array<[number, unknown]> }
        assert.strictEqual(a.filter(([, record]) => record === "first").length, 1)
      })
    )
  }

  it.effect("is appended to once where the store takes a request twice and refuses it the second time", () =>
    Effect.gen(function* () {
      const store = TestStore.make()
      const { poll, send } = yield* alone(cas!.layer, (message) =>
        Effect.tap(store.peer(message), () => (message.body.type === "cas" ? store.peer(message) : Effect.void)).pipe(
          Effect.andThen((reply) => (message.body.type === "cas" ? store.peer(message) : Effect.succeed(reply)))
        )
      )
      for (let i = 0; i < 70; i++) {
        assert.strictEqual((yield* send("a", "same")).offset, i)
      }
      const { a } = (yield* poll({ a: 0 })) as { a: ReadonlyArray<unknown> }
      assert.strictEqual(a.length, 70)
    })
  )

  it.effect("does not refuse a send that took place, where the last attempt's answer is the refusal of a copy", () =>
    Effect.gen(function* () {
      const store = TestStore.make()
      const node = yield* TestNode.start(cas!.layer, {
        peers: {
          "lin-kv": (message) =>
            message.body.type === "cas" ? Effect.andThen(store.peer(message), store.peer(message)) : store.peer(message)
        },
        settings: Layer.succeed(Policy.UpdateRetry, Schedule.recurs(0).pipe(Schedule.setInputType<RpcError>()))
      })
      assert.strictEqual((yield* askWithTime(node, { type: "send", key: "a", msg: 1 })).offset, 0)
    })
  )

  it.effect("tells a record from the same one of an earlier incarnation that was stored unknown to it", () =>
    Effect.gen(function* () {
      const earlier = TestStore.make()
      yield* (yield* alone(sharded!.layer, earlier.peer)).send("a", "same")
      const store = TestStore.make()
      const { poll, send } = yield* alone(sharded!.layer, store.peer)
      // It was on its way to the store when the next incarnation began.
      for (const [key, segment] of earlier.values) {
        store.values.set(key, segment)
      }
      assert.strictEqual((yield* send("a", "same")).offset, 1)
      assert.deepStrictEqual<unknown>(yield* poll({ a: 0 }), {
        a: [
          [0, "same"],
          [1, "same"]
        ]
      })
    })
  )
})
