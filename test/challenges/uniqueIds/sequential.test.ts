import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { layer } from "../../../src/challenges/uniqueIds/sequential.ts"
import * as TestNode from "../../services/TestNode.ts"
import * as TestStore from "../../services/TestStore.ts"
import { settle, type TestPeer } from "../../services/TestTransport.ts"

const nodeIds = ["n1", "n2", "n3"]

/** Three nodes over one store that takes some milliseconds for everything. */
const cluster = Effect.fnUntraced(function* (peer: TestPeer) {
  return yield* Effect.forEach(nodeIds, (id) => TestNode.start(layer, { id, nodeIds, peers: { "lin-kv": peer } }))
})

describe("unique ids by sequence", () => {
  it.effect("are 0, 1, 2, … in the order of the requests", () =>
    Effect.gen(function* () {
      const nodes = yield* cluster(TestStore.make().peer)
      for (let i = 0; i < 12; i++) {
        assert.strictEqual((yield* nodes[i % 3]!.ask({ type: "generate" })).id, i)
      }
    })
  )

  it.effect("have neither gaps nor duplicates when all nodes are asked at once", () =>
    Effect.gen(function* () {
      const store = TestStore.make()
      const nodes = yield* cluster((message) => Effect.delay(store.peer(message), 2))
      const asking = yield* Effect.forEach(
        Array.from({ length: 15 }, (_, i) => nodes[i % 3]!),
        (node) => Effect.forkChild(node.ask({ type: "generate" }), { startImmediately: true })
      )
      yield* settle
      yield* TestClock.adjust("5 seconds")
      const replies = yield* Fiber.joinAll(asking)
      assert.deepStrictEqual(
        replies.map(({ id }) => id as number).toSorted((a, b) => a - b),
        Array.from({ length: 15 }, (_, i) => i)
      )
      assert.isAbove(store.conflicts(), 0, "they did get in each other's way")
    })
  )

  it.effect("answer with an error rather than an id that may be taken, when the store falls silent", () =>
    Effect.gen(function* () {
      const store = TestStore.make()
      const [node] = yield* cluster((message) =>
        Effect.map(store.peer(message), (reply) => (message.body.type === "cas" ? undefined : reply))
      )
      const asking = yield* Effect.forkChild(node!.ask({ type: "generate" }), { startImmediately: true })
      yield* settle
      yield* TestClock.adjust("5 seconds")
      assert.deepInclude(yield* Fiber.join(asking), { type: "error", code: 0 })
    })
  )
})
