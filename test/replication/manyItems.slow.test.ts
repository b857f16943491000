import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as Flush from "../../src/replication/Flush.ts"
import * as Topology from "../../src/replication/Topology.ts"
import * as Cluster from "./Cluster.ts"
import { flushes, topologies } from "./everyReplication.ts"

describe("Replication", () => {
  for (const [topology, most] of [
    ["direct", 30],
    ["star", 100],
    ["tree", 250],
    ["ring", 400]
  ] as const) {
    it.effect(`keeps the items of some seconds only while there are new ones all the time: ${topology}`, () =>
      Cluster.run({ size: 7, topology: topologies[topology]!, flush: Flush.after("200 millis") }, (cluster) =>
        Effect.gen(function* () {
          for (let item = 0; item < 1200; item++) {
            yield* cluster.append(item % 7, item)
            yield* Effect.sleep("50 millis")
            for (const count of yield* Cluster.retained(cluster)) {
              assert.isAtMost(count, most)
            }
          }
        })
      )
    )
  }

  it.effect("catches up within a repair period after ten seconds in which a node heard nothing", () =>
    Cluster.run({ size: 5, topology: Topology.star, flush: flushes["grid"]! }, (cluster) =>
      Effect.gen(function* () {
        cluster.cut([2], [0, 1, 3, 4])
        for (let item = 0; item < 5000; item++) {
          yield* cluster.append(item % 5, item)
          yield* Effect.sleep("2 millis")
        }
        yield* Effect.sleep("5 seconds")
        cluster.network.heal()
        yield* Effect.sleep("7 seconds")
        assert.deepStrictEqual(
          cluster.replicas.map(({ delivered }) => delivered.length),
          [4000, 4000, 4000, 4000, 4000]
        )
      })
    )
  )

  it.effect("needs a few messages of bounded size to catch up", () =>
    Cluster.run({ size: 2, flush: Flush.immediately }, (cluster) =>
      Effect.gen(function* () {
        cluster.cut([0], [1])
        for (let item = 0; item < 5000; item++) {
          yield* cluster.append(0, item)
        }
        yield* Effect.sleep("10 seconds")
        cluster.network.heal()
        const before = cluster.messages()
        const { delivered } = cluster.replicas[1]!
        while (delivered.length === 0) {
          yield* Effect.sleep("10 millis")
        }
        // One goes there and one comes back for each further part.
        yield* Effect.sleep("170 millis")
        assert.lengthOf(delivered, 5000)
        yield* Effect.sleep("10 seconds")
        assert.isAtMost(cluster.messages() - before, 30)
        const longest = cluster.network.journal.reduce((most, { message: { body } }) => {
          const entries = (body["entries"] ?? []) as ReadonlyArray<readonly [number, number, ReadonlyArray<number>]>
          return Math.max(most, ...entries.map(([, , items]) => items.length))
        }, 0)
        assert.strictEqual(longest, 1000)
      })
    )
  )
})
