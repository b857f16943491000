import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect } from "effect"
import * as Flush from "../../src/replication/Flush.ts"
import * as RepairPolicy from "../../src/replication/RepairPolicy.ts"
import * as Topology from "../../src/replication/Topology.ts"
import * as Cluster from "./Cluster.ts"
import { flushes, isWhole, topologies } from "./everyReplication.ts"

describe("Replication", () => {
  it.effect("tells what is known to all at most once in two seconds to the same node", () =>
    Cluster.run({ size: 4, topology: Topology.star, flush: Flush.after("100 millis") }, (cluster) =>
      Effect.gen(function* () {
        for (let item = 0; item < 200; item++) {
          yield* cluster.append(item % 4, item)
          yield* Effect.sleep("50 millis")
        }
        const told = new Map<string, number>()
        for (const { event, message, timeNanos } of cluster.network.journal) {
          if (event !== "send" || message.body["stability"] === undefined) {
            continue
          }
          const way = `${message.src} ${message.dest}`
          assert.isAtLeast(timeNanos - (told.get(way) ?? -2e9), 2e9)
          told.set(way, timeNanos)
        }
        assert.includeMembers([...told.keys()], ["n0 n1", "n0 n2", "n0 n3"])
      })
    )
  )

  for (const [name, size, messages] of [
    ["direct", 7, 6],
    ["star", 7, 6],
    ["tree", 7, 6],
    ["ring", 4, 5]
  ] as const) {
    it.effect(`takes ${messages} messages to bring an item to ${size - 1} nodes: ${name}`, () =>
      Cluster.run({ size, topology: topologies[name]! }, (cluster) =>
        Effect.gen(function* () {
          yield* Effect.sleep("200 millis")
          const before = cluster.messages()
          yield* cluster.append(size - 1, 1)
          yield* Effect.sleep("200 millis")
          assert.isTrue(cluster.replicas.slice(0, -1).every(({ delivered }) => delivered.length === 1))
          assert.strictEqual(cluster.messages() - before, messages)
        })
      )
    )
  }

  it.effect("asks ever less often while nobody answers, and soon again once somebody is there", () =>
    Cluster.run(
      {
        size: 3,
        repair: { ...RepairPolicy.standard, confirmAfter: Duration.millis(5), confirmAtMost: Duration.seconds(1) }
      },
      (cluster) =>
        Effect.gen(function* () {
          yield* Effect.sleep("1 second")
          cluster.cut([0], [1, 2])
          const seq = yield* cluster.append(0, 1)
          const before = cluster.messages()
          yield* Effect.sleep("20 seconds")
          assert.isAtMost(cluster.messages() - before, 90)
          cluster.network.heal()
          yield* cluster.append(1, 1)
          yield* Effect.timeout(cluster.confirm(0, seq), "200 millis")
        })
    )
  )

  it.effect("sends nothing that all nodes have already, and compares now and then", () =>
    Cluster.run({ size: 5 }, (cluster) =>
      Effect.gen(function* () {
        // Until every node has found somebody who knows something.
        yield* cluster.append(1, 0)
        yield* Effect.sleep("3300 millis")
        const first = cluster.messages()
        yield* cluster.append(0, 1)
        yield* Effect.sleep("1 second")
        assert.strictEqual(cluster.messages() - first, 4 + 1)
        yield* Effect.sleep("60 seconds")
        const before = cluster.messages()
        yield* Effect.sleep("50 seconds")
        // Each node every four seconds.
        assert.closeTo(cluster.messages() - before, 62, 10)
      })
    )
  )

  it.effect("shows nobody what waits for the next flush, so that nobody asks for it", () =>
    Cluster.run({ size: 2, flush: Flush.after("30 seconds") }, (cluster) =>
      Effect.gen(function* () {
        yield* cluster.append(0, 1)
        yield* Effect.sleep("29 seconds")
        assert.deepStrictEqual(cluster.replicas[1]!.replication.version, [0, 0])
        yield* Effect.sleep("2 seconds")
        assert.deepStrictEqual(cluster.replicas[1]!.replication.version, [1, 0])
      })
    )
  )

  it.effect("is delayed and nothing else by clocks that differ", () =>
    Cluster.run(
      {
        size: 4,
        topology: Topology.star,
        flush: flushes["grid"]!,
        skewMillis: (node) => Number(node.slice(1)) * -777_777
      },
      (cluster) =>
        Effect.gen(function* () {
          for (const node of [0, 1, 2, 3]) {
            yield* cluster.append(node, node)
          }
          yield* Effect.sleep("900 millis")
          isWhole(cluster, [[0], [1], [2], [3]])
        })
    )
  )

  it.effect("catches up at once after a pause of ten seconds", () =>
    Cluster.run({ size: 5 }, (cluster) =>
      Effect.gen(function* () {
        const { nodes, replicas } = cluster
        yield* nodes[2]!.pause
        for (let item = 0; item < 100; item++) {
          yield* cluster.append(0, item)
          yield* Effect.sleep("100 millis")
        }
        yield* nodes[2]!.resume
        yield* Effect.sleep("1 second")
        assert.lengthOf(replicas[2]!.delivered, 100)
      })
    )
  )
})
