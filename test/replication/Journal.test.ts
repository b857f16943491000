import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as Flush from "../../src/replication/Flush.ts"
import * as Topology from "../../src/replication/Topology.ts"
import * as Cluster from "./Cluster.ts"

const itemsOf = (replica: Cluster.Replica) => replica.delivered.map(([, item]) => item).toSorted((a, b) => a - b)

const crashAll = ({ nodes, restart }: Cluster.Cluster) =>
  Effect.gen(function* () {
    yield* Effect.forEach(nodes, (node) => node.crash)
    yield* Effect.sleep("1 second")
    yield* Effect.forEach([...nodes.keys()], restart, { concurrency: "unbounded" })
  })

describe("a replica whose items are synced", () => {
  it.effect("has all that was acknowledged when all nodes crash at once, again and again", () =>
    Cluster.run({ size: 3, durability: "synced", flush: Flush.after("1 second") }, (cluster) =>
      Effect.gen(function* () {
        const acknowledged: Array<number> = []
        for (let life = 0; life < 4; life++) {
          for (let item = 0; item < 20; item++) {
            const number = 100 * life + item
            yield* cluster.append(item % 3, number)
            acknowledged.push(number)
            yield* Effect.sleep("30 millis")
          }
          yield* crashAll(cluster)
        }
        yield* Effect.sleep("5 seconds")
        for (const replica of cluster.replicas) {
          assert.deepStrictEqual(itemsOf(replica), acknowledged)
        }
      })
    )
  )

  it.effect("brings the others what it had told nobody before it crashed", () =>
    Cluster.run({ size: 3, durability: "synced", flush: Flush.after("1 minute") }, (cluster) =>
      Effect.gen(function* () {
        yield* cluster.append(0, 7)
        yield* cluster.nodes[0]!.crash
        yield* cluster.restart(0)
        yield* Effect.sleep("5 seconds")
        for (const replica of cluster.replicas) {
          assert.deepStrictEqual(itemsOf(replica), [7])
        }
      })
    )
  )

  it.effect("goes on from a checkpoint, and with no item twice, where it has noted thousands", () =>
    Cluster.run({ size: 2, durability: "synced" }, (cluster) =>
      Effect.gen(function* () {
        const all = Array.from({ length: 1_500 }, (_, item) => item)
        yield* Effect.forEach(all, (item) => cluster.append(item % 2, item), { concurrency: 50 })
        for (let life = 0; life < 3; life++) {
          yield* crashAll(cluster)
        }
        yield* Effect.sleep("5 seconds")
        for (const replica of cluster.replicas) {
          assert.deepStrictEqual(itemsOf(replica), all)
        }
      })
    )
  )

  it.effect("leaves an append open that its disk does not take, and has it once when the disk works again", () =>
    Cluster.run({ size: 2, durability: "synced", topology: Topology.neighbours(() => []) }, (cluster) =>
      Effect.gen(function* () {
        const { nodes, replicas } = cluster
        nodes[0]!.disk!.setFault("failing")
        assert.strictEqual((yield* Effect.flip(cluster.append(0, 1)))._tag, "Crash")
        nodes[0]!.disk!.setFault(undefined)
        yield* cluster.append(0, 2)
        yield* crashAll(cluster)
        yield* Effect.sleep("5 seconds")
        assert.deepStrictEqual(replicas.map(itemsOf), [
          [1, 2],
          [1, 2]
        ])
      })
    )
  )
})
