import { assert, describe, it } from "@effect/vitest"
import { Array, Clock, Duration, Effect } from "effect"
import { challenge5b } from "../../../src/challenges/log/challenge.ts"
import * as Ownership from "../../../src/challenges/log/Ownership.ts"
import * as Kafka from "../../../src/protocol/Kafka.ts"
import { NodeId } from "../../../src/protocol/NodeId.ts"
import type { Connection } from "../../../src/workbench/clients/Connection.ts"
import { askWithTime } from "../../services/askWithTime.ts"
import * as TestNode from "../../services/TestNode.ts"
import * as TestStore from "../../services/TestStore.ts"
import type { TestBody } from "../../services/TestTransport.ts"
import { run as runCluster } from "../cluster.ts"

const { layer } = challenge5b.strategies["sharded"]!
const nodeIds = ["n1", "n2"]

/** A key that a node owns. */
const keyOf = (node: string, ids: ReadonlyArray<string> = nodeIds) =>
  Array.range(0, 100)
    .map(String)
    .find((key) => Ownership.rendezvous(ids.map((id) => NodeId.make(id)))(key) === node)!

const foreign = keyOf("n2")

/** `n1`, whose peer `n2` gets its requests and answers none; they are in `asked`. */
const besideSilent = Effect.fnUntraced(function* (store: TestStore.TestStore) {
  const asked: Array<TestBody> = []
  const node = yield* TestNode.start(layer, {
    nodeIds,
    peers: { "lin-kv": store.peer, n2: ({ body }) => Effect.sync(() => void asked.push(body)) }
  })
  return { node, asked }
})

const owner = (store: TestStore.TestStore) =>
  TestNode.start(layer, { id: "n2", nodeIds, peers: { "lin-kv": store.peer } })

const withoutId = ({ msg_id: _msgId, ...body }: TestBody & { readonly msg_id?: number }) => body as TestBody

describe("a log whose owner is silent", () => {
  it.effect("is appended to by the node that was asked, and polled from the store", () =>
    Effect.gen(function* () {
      const store = TestStore.make()
      const { node } = yield* besideSilent(store)
      for (const offset of [0, 1]) {
        assert.strictEqual((yield* askWithTime(node, { type: "send", key: foreign, msg: offset })).offset, offset)
      }
      assert.deepStrictEqual<unknown>((yield* askWithTime(node, { type: "poll", offsets: { [foreign]: 0 } })).msgs, {
        [foreign]: [
          [0, 0],
          [1, 1]
        ]
      })
      // The owner goes on behind them.
      const back = yield* owner(store)
      assert.strictEqual((yield* askWithTime(back, { type: "send", key: foreign, msg: 2 })).offset, 2)
    })
  )

  it.effect("has a send once that both have appended, whoever was first", () =>
    Effect.gen(function* () {
      const store = TestStore.make()
      const slow = yield* owner(store)
      const { asked, node } = yield* besideSilent(store)
      const sent = yield* askWithTime(node, { type: "send", key: foreign, msg: "first here" })
      // The owner, which does not know of it yet, gets the request late.
      const [request] = asked
      assert.strictEqual(request!.type, "forward_send")
      const late = yield* askWithTime(slow, withoutId(request!))
      assert.deepStrictEqual([sent.offset, late.type, late.offset], [0, "forward_send_ok", 0])
      assert.strictEqual((yield* askWithTime(slow, { type: "send", key: foreign, msg: "next" })).offset, 1)
    })
  )

  it.effect("is shown by its owner a while after somebody else has appended to it", () =>
    Effect.gen(function* () {
      const store = TestStore.make()
      const idle = yield* owner(store)
      const { node } = yield* besideSilent(store)
      yield* askWithTime(node, { type: "send", key: foreign, msg: "m" })
      const { msgs } = yield* askWithTime(idle, { type: "poll", offsets: { [foreign]: 0 } })
      assert.deepStrictEqual<unknown>(msgs, { [foreign]: [[0, "m"]] })
    })
  )
})

describe("a send that the network brings twice", () => {
  it.effect("is known to the owner after it has started anew", () =>
    Effect.gen(function* () {
      const store = TestStore.make()
      const { asked, node } = yield* besideSilent(TestStore.make())
      yield* askWithTime(node, { type: "send", key: foreign, msg: "m" })
      const request = withoutId(asked[0]!)
      const first = yield* Effect.scoped(Effect.flatMap(owner(store), (node) => askWithTime(node, request)))
      const again = yield* owner(store)
      const second = yield* askWithTime(again, request)
      assert.deepStrictEqual([first.offset, second.offset], [0, 0])
      assert.deepStrictEqual<unknown>((yield* again.ask({ type: "poll", offsets: { [foreign]: 0 } })).msgs, {
        [foreign]: [[0, "m"]]
      })
    })
  )
})

describe("a committed offset", () => {
  const committed = { type: "list_committed_offsets", keys: ["a", "b"] }

  it.effect("is stored with the records that come next, and by itself where none come", () =>
    Effect.gen(function* () {
      const store = TestStore.make()
      const node = yield* TestNode.start(layer, { peers: { "lin-kv": store.peer } })
      const creates = () => store.requests.filter(({ type }) => type === "cas").length
      const committing = yield* Effect.forkChild(node.ask({ type: "commit_offsets", offsets: { a: 1 } }), {
        startImmediately: true
      })
      assert.strictEqual(creates(), 0)
      yield* askWithTime(node, { type: "send", key: "a", msg: 1 }, "1 millis")
      assert.strictEqual((yield* askWithTime(node, committed)).type, "list_committed_offsets_ok")
      assert.strictEqual(committing.pollUnsafe()?._tag, "Success")
      assert.strictEqual(creates(), 1)
      yield* askWithTime(node, { type: "commit_offsets", offsets: { a: 0, b: 2 } }, "20 millis")
      assert.strictEqual(creates(), 2)
      // One that says nothing new costs nothing.
      yield* node.ask({ type: "commit_offsets", offsets: { a: 1, b: 0 } })
      assert.strictEqual(creates(), 2)
      assert.deepStrictEqual<unknown>((yield* askWithTime(node, committed)).offsets, { a: 1, b: 2 })
    })
  )

  it.effect("is listed after its node has started anew, and at others while it is away", () =>
    Effect.gen(function* () {
      const store = TestStore.make()
      const first = yield* owner(store).pipe(
        Effect.flatMap((node) => askWithTime(node, { type: "commit_offsets", offsets: { a: 5 } })),
        Effect.scoped
      )
      assert.strictEqual(first.type, "commit_offsets_ok")
      const { node } = yield* besideSilent(store)
      assert.deepStrictEqual<unknown>((yield* askWithTime(node, committed)).offsets, { a: 5 })
      const again = yield* TestNode.start(layer, { id: "n2", nodeIds: ["n2"], peers: { "lin-kv": store.peer } })
      assert.deepStrictEqual<unknown>((yield* again.ask(committed)).offsets, { a: 5 })
    })
  )
})

describe("an owner that starts anew", () => {
  it.effect.each([{ uptime: 5 }, { uptime: 60 }])(
    "is back within 2 s after $uptime s at 50 ms a hop, with every record at its offset",
    ({ uptime }) =>
      runCluster(
        layer,
        { size: 2, latencyMillis: 50 },
        Effect.fnUntraced(function* ({ clients, ids, nodes, restart }) {
          const key = keyOf(ids[0]!, ids)
          const client = clients[0]!
          const endMillis = (yield* Clock.currentTimeMillis) + uptime * 1000
          let sent = 0
          while ((yield* Clock.currentTimeMillis) < endMillis) {
            yield* client.call(Kafka.Send, { key, msg: sent++ })
          }
          assert.isAbove(sent, 9 * uptime)
          yield* nodes[0]!.crash
          const [took] = yield* Effect.timed(restart(0))
          assert.isAtMost(Duration.toMillis(took), 2000)
          assert.deepStrictEqual(
            yield* readAll(client, key),
            Array.range(0, sent - 1).map((i) => [i, i] as const)
          )
        })
      )
  )
})

const readAll = Effect.fnUntraced(function* (client: Connection, key: string) {
  const records: Array<readonly [number, unknown]> = []
  for (;;) {
    const { msgs } = yield* client.call(Kafka.Poll, { offsets: { [key]: records.length } })
    if (msgs[key] === undefined) {
      return records
    }
    records.push(...msgs[key])
  }
})
