import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { challenge3c, challenge3d, challenge3e } from "../../src/challenges/broadcast/challenge.ts"
import { challenge4, pnCounter } from "../../src/challenges/counter/challenge.ts"
import { challenge5c } from "../../src/challenges/log/challenge.ts"
import * as Ownership from "../../src/challenges/log/Ownership.ts"
import { challenge6c } from "../../src/challenges/transactions/challenge.ts"
import * as Broadcast from "../../src/protocol/Broadcast.ts"
import * as Counter from "../../src/protocol/Counter.ts"
import * as Kafka from "../../src/protocol/Kafka.ts"
import { Txn } from "../../src/protocol/Txn.ts"
import * as Cluster from "./cluster.ts"

/** Long enough for everyone to have everything, and to keep nothing for anyone. */
const quiet = Effect.sleep("60 seconds")

/** A node crashes and is back. Nobody else says anything meanwhile. */
const restart = Effect.fnUntraced(function* ({ nodes, restart }: Cluster.Cluster, node: number) {
  yield* nodes[node]!.crash
  yield* Effect.sleep("1 second")
  yield* restart(node)
})

const sorted = (values: ReadonlyArray<unknown>) => values.map(Number).toSorted((a, b) => a - b)

describe("a node that starts anew after all was quiet", () => {
  for (const [name, strategy] of Object.entries({
    replicated: challenge3c.strategies["replicated"]!,
    direct: challenge3d.strategies["direct"]!,
    tree: challenge3d.strategies["tree"]!,
    "hub-450": challenge3e.strategies["hub-450"]!
  })) {
    it.effect(`shows all values within a second, also where it was the hub: ${name}`, () =>
      Cluster.run(strategy.layer, { size: 5 }, (cluster) =>
        Effect.gen(function* () {
          const { clients } = cluster
          const all = Array.from({ length: 50 }, (_, value) => value)
          for (const value of all) {
            yield* clients[value % 5]!.call(Broadcast.Broadcast.broadcast, { message: value })
          }
          yield* quiet
          yield* restart(cluster, 0)
          yield* Effect.sleep("1 second")
          assert.deepStrictEqual(sorted((yield* clients[0]!.call(Broadcast.Read, {})).messages), all)
          yield* clients[0]!.call(Broadcast.Broadcast.broadcast, { message: 50 })
          yield* Effect.sleep("5 seconds")
          for (const client of clients) {
            assert.deepStrictEqual(sorted((yield* client.call(Broadcast.Read, {})).messages), [...all, 50])
          }
        })
      )
    )
  }

  for (const challenge of [challenge4, pnCounter]) {
    for (const name of ["crdt", "deltas", "broadcast-cas"]) {
      it.effect(`counts on from where it was, again and again: ${challenge.id}, ${name}`, () =>
        Cluster.run(challenge.strategies[name]!.layer, { size: 3 }, (cluster) =>
          Effect.gen(function* () {
            const { clients } = cluster
            let sum = 0
            for (let life = 1; life <= 4; life++) {
              for (const [node, client] of clients.entries()) {
                // In its second life a node adds less than in its first: the greater total is not the newer one.
                const delta = 10 ** node * (5 - life)
                sum += delta
                yield* client.call(Counter.Add, { delta })
              }
              yield* quiet
              for (const client of clients) {
                assert.strictEqual((yield* client.call(Counter.Read, {})).value, sum)
              }
              yield* restart(cluster, 0)
              yield* Effect.sleep("1 second")
              assert.strictEqual((yield* clients[0]!.call(Counter.Read, {})).value, sum)
            }
          })
        )
      )
    }
  }

  for (const name of ["leaderless", "replicated"]) {
    it.effect(`has all records at their offsets, gives none twice, and keeps what was committed: ${name}`, () =>
      Cluster.run(challenge5c.strategies[name]!.layer, { size: 3 }, (cluster) =>
        Effect.gen(function* () {
          const { clients, ids } = cluster
          const keys = ids.map((id) =>
            Array.from({ length: 100 }, (_, key) => String(key)).find((key) => Ownership.rendezvous(ids)(key) === id)!
          )
          const records = new Map(keys.map((key): [string, Array<readonly [number, unknown]>] => [key, []]))
          const send = Effect.fnUntraced(function* (turn: number) {
            for (const [index, key] of keys.entries()) {
              const msg = `${key} ${turn}`
              const { offset } = yield* clients[(index + turn) % 3]!.call(Kafka.Send, { key, msg })
              records.get(key)!.push([offset, msg])
            }
          })
          for (let turn = 0; turn < 3; turn++) {
            yield* send(turn)
          }
          yield* clients[1]!.call(Kafka.CommitOffsets, { offsets: { [keys[0]!]: 2 } })
          yield* quiet
          for (let life = 1; life <= 2; life++) {
            yield* restart(cluster, 0)
            yield* send(10 * life)
            yield* send(10 * life + 1)
            yield* Effect.sleep("3 seconds")
            for (const client of clients) {
              const { msgs } = yield* client.call(Kafka.Poll, {
                offsets: Object.fromEntries(keys.map((key) => [key, 0]))
              })
              assert.deepStrictEqual<unknown>(
                msgs,
                Object.fromEntries(Array.from(records, ([key, of]) => [key, of.toSorted(([a], [b]) => a - b)]))
              )
            }
            const committed = yield* clients[0]!.call(Kafka.ListCommittedOffsets, { keys })
            assert.deepStrictEqual(committed.offsets, { [keys[0]!]: 2 })
          }
          for (const of of records.values()) {
            const offsets = of.map(([offset]) => offset)
            if (name !== "leaderless") {
              assert.deepStrictEqual(offsets, sorted(offsets))
            }
            assert.strictEqual(new Set(offsets).size, of.length)
          }
        })
      )
    )
  }

  it.effect("gives no offset twice where it crashed twice and had told nobody what it gave in between", () =>
    Cluster.run(challenge5c.strategies["replicated"]!.layer, { size: 3 }, (cluster) =>
      Effect.gen(function* () {
        const { clients, ids, nodes } = cluster
        const key = Array.from({ length: 100 }, (_, key) => String(key)).find(
          (key) => Ownership.rendezvous(ids)(key) === ids[0]
        )!
        const offsets: Array<number> = []
        for (let life = 0; life < 3; life++) {
          offsets.push((yield* clients[0]!.call(Kafka.Send, { key, msg: life })).offset)
          yield* nodes[0]!.crash
          yield* cluster.restart(0)
        }
        assert.strictEqual(new Set(offsets).size, 3)
        assert.deepStrictEqual(offsets, sorted(offsets))
      })
    )
  )

  it.effect("gives no offset twice, and none that polls have passed, where nobody owns a log and it told nobody", () =>
    Cluster.run(challenge5c.strategies["leaderless"]!.layer, { size: 3 }, (cluster) =>
      Effect.gen(function* () {
        const { clients, cut, heal, nodes } = cluster
        const offsets: Array<number> = []
        const send = Effect.fnUntraced(function* (node: number) {
          offsets.push((yield* clients[node]!.call(Kafka.Send, { key: "a", msg: offsets.length })).offset)
        })
        yield* send(0)
        yield* quiet
        for (let life = 0; life < 3; life++) {
          // Cut off from the others, it goes on alone, and takes with it when it crashes what it has given meanwhile.
          cut(0, 1)
          cut(0, 2)
          for (let record = 0; record < 500; record++) {
            yield* send(0)
          }
          yield* send(1)
          yield* nodes[0]!.crash
          heal()
          yield* cluster.restart(0)
          yield* send(0)
          yield* Effect.sleep("5 seconds")
          const { msgs } = yield* clients[2]!.call(Kafka.Poll, { offsets: { a: 0 } })
          assert.strictEqual(msgs["a"]!.at(-1)![0], offsets.at(-1))
        }
        assert.strictEqual(new Set(offsets).size, offsets.length)
      })
    )
  )

  it.effect("has the registers, sees the others' writes, and has its own seen and win", () =>
    Cluster.run(challenge6c.strategies["replicated"]!.layer, { size: 3 }, (cluster) =>
      Effect.gen(function* () {
        const { clients } = cluster
        const write = (node: number, key: number, value: unknown) =>
          clients[node]!.call(Txn.txn, { txn: [["w", key, value as number]] })
        const read = (node: number) =>
          Effect.map(
            clients[node]!.call(Txn.txn, { txn: [0, 1, 2, 3].map((key) => ["r", key, null] as const) }),
            ({ txn }) => txn.map(([, , value]) => value)
          )
        for (const node of [0, 1, 2]) {
          yield* write(node, node, "old")
        }
        yield* quiet
        yield* restart(cluster, 0)
        yield* Effect.sleep("1 second")
        assert.deepStrictEqual(yield* read(0), ["old", "old", "old", null])
        yield* write(0, 1, "new of n0")
        yield* write(1, 2, "new of n1")
        yield* write(0, 3, "new of n0")
        yield* Effect.sleep("1 second")
        for (const node of [0, 1, 2]) {
          assert.deepStrictEqual(yield* read(node), ["old", "new of n0", "new of n1", "new of n0"])
        }
      })
    )
  )
})
