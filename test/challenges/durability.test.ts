import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Layer } from "effect"
import { challenge3a, challenge3e } from "../../src/challenges/broadcast/challenge.ts"
import { challenge4 } from "../../src/challenges/counter/challenge.ts"
import { challenge5a, challenge5c } from "../../src/challenges/log/challenge.ts"
import { challenge6a, challenge6c } from "../../src/challenges/transactions/challenge.ts"
import * as Broadcast from "../../src/protocol/Broadcast.ts"
import * as Counter from "../../src/protocol/Counter.ts"
import * as Kafka from "../../src/protocol/Kafka.ts"
import { Txn } from "../../src/protocol/Txn.ts"
import { Durability, type Level } from "../../src/services/Durability.ts"
import type { NodeLayer } from "../../src/services/NodeProgram.ts"
import * as Cluster from "./cluster.ts"

const at = (level: Level, layer: NodeLayer) => Layer.provide(layer, Layer.succeed(Durability, level))

/** All nodes crash in the moment in which the first has acknowledged something, and are back a second later. */
const crashAll = Effect.fnUntraced(function* ({ nodes, restart }: Cluster.Cluster) {
  yield* Effect.forEach(nodes, (node) => node.crash)
  yield* Effect.sleep("1 second")
  yield* Effect.forEach([...nodes.keys()], restart, { concurrency: "unbounded" })
  yield* Effect.sleep("5 seconds")
})

/** What to ask the first node to keep, and what it has of it. */
const keepers: {
  readonly [name: string]: {
    readonly layer: NodeLayer
    readonly size: number
    readonly keep: (cluster: Cluster.Cluster) => Effect.Effect<unknown, unknown>
    readonly kept: (cluster: Cluster.Cluster) => Effect.Effect<unknown, unknown>
    readonly expected: unknown
  }
} = {
  ...Object.fromEntries(
    [
      ["3a", challenge3a.strategies["single-node"]!.layer, 1] as const,
      ["3e", challenge3e.strategies["hub-300"]!.layer, 3] as const
    ].map(([name, layer, size]) => [
      name,
      {
        layer,
        size,
        keep: ({ clients }) => clients[0]!.call(Broadcast.Broadcast.broadcast, { message: 7 }),
        kept: ({ clients }) => Effect.map(clients.at(-1)!.call(Broadcast.Read, {}), ({ messages }) => messages),
        expected: [7]
      }
    ])
  ),
  ...Object.fromEntries(
    ["crdt", "deltas"].map((name) => [
      `4 ${name}`,
      {
        layer: challenge4.strategies[name]!.layer,
        size: 3,
        keep: ({ clients }) => clients[0]!.call(Counter.Add, { delta: 7 }),
        kept: ({ clients }) => Effect.map(clients.at(-1)!.call(Counter.Read, {}), ({ value }) => value),
        expected: 7
      }
    ])
  ),
  "5a": {
    layer: challenge5a.strategies["in-memory"]!.layer,
    size: 1,
    keep: ({ clients }) =>
      Effect.andThen(
        clients[0]!.call(Kafka.Send, { key: "k", msg: 7 }),
        clients[0]!.call(Kafka.CommitOffsets, { offsets: { k: 0 } })
      ),
    kept: ({ clients }) =>
      Effect.all([
        Effect.map(clients[0]!.call(Kafka.Poll, { offsets: { k: 0 } }), ({ msgs }) => msgs),
        Effect.map(clients[0]!.call(Kafka.ListCommittedOffsets, { keys: ["k"] }), ({ offsets }) => offsets)
      ]),
    expected: [{ k: [[0, 7]] }, { k: 0 }]
  },
  "5c replicated": {
    layer: challenge5c.strategies["replicated"]!.layer,
    size: 3,
    keep: ({ clients }) => clients[0]!.call(Kafka.Send, { key: "k", msg: 7 }),
    kept: ({ clients }) =>
      Effect.map(clients.at(-1)!.call(Kafka.Poll, { offsets: { k: 0 } }), ({ msgs }) =>
        msgs["k"]?.map(([, msg]) => msg)
      ),
    expected: [7]
  },
  ...Object.fromEntries(
    [
      ["6a", challenge6a.strategies["local"]!.layer, 1] as const,
      ["6c", challenge6c.strategies["replicated"]!.layer, 3] as const
    ].map(([name, layer, size]) => [
      name,
      {
        layer,
        size,
        keep: ({ clients }) => clients[0]!.call(Txn.txn, { txn: [["w", 1, 7]] }),
        kept: ({ clients }) => Effect.map(clients.at(-1)!.call(Txn.txn, { txn: [["r", 1, null]] }), ({ txn }) => txn),
        expected: [["r", 1, 7]]
      }
    ])
  )
}

describe("a read that waits until what it shows is synced", () => {
  for (const [name, layer] of [
    ["3a", challenge3a.strategies["single-node"]!.layer],
    ["3e", challenge3e.strategies["hub-300"]!.layer]
  ] as const) {
    it.effect(`does not show what has come meanwhile: ${name}`, () =>
      Cluster.run(at("synced", layer), { size: 1 }, ({ clients }) =>
        Effect.gen(function* () {
          const client = clients[0]!
          const tell = (message: number) =>
            Effect.forkChild(client.call(Broadcast.Broadcast.broadcast, { message }), { startImmediately: true })
          yield* tell(1)
          const read = yield* Effect.forkChild(client.call(Broadcast.Read, {}), { startImmediately: true })
          yield* tell(2)
          assert.deepStrictEqual((yield* Fiber.join(read)).messages, [1])
        })
      )
    )
  }
})

describe("what was acknowledged", () => {
  for (const [name, { expected, keep, kept, layer, size }] of Object.entries(keepers)) {
    it.effect(`is there after all nodes have crashed at once, if it was synced: ${name}`, () =>
      Cluster.run(at("synced", layer), { size }, (cluster) =>
        Effect.gen(function* () {
          // Nodes that have just started ask each other, which would tell of it.
          yield* Effect.sleep("5 seconds")
          yield* keep(cluster)
          yield* crashAll(cluster)
          assert.deepStrictEqual(yield* kept(cluster), expected)
        })
      )
    )

    it.effect(`is lost with all nodes' memory: ${name}`, () =>
      Cluster.run(layer, { size }, (cluster) =>
        Effect.gen(function* () {
          yield* keep(cluster)
          yield* crashAll(cluster)
          assert.notDeepEqual(yield* kept(cluster), expected)
        })
      )
    )

    if (size > 1) {
      it.effect(
        `is there after the node that has acknowledged it is gone for good, if it was replicated: ${name}`,
        () =>
          Cluster.run(at("replicated", layer), { size }, (cluster) =>
            Effect.gen(function* () {
              yield* Effect.sleep("5 seconds")
              yield* keep(cluster)
              yield* cluster.nodes[0]!.crash
              yield* Effect.sleep("10 seconds")
              assert.deepStrictEqual(yield* kept(cluster), expected)
            })
          )
      )
    }
  }
})
