import { assert, describe, it } from "@effect/vitest"
import { Effect, Option, Schema } from "effect"
import * as Flush from "../../src/replication/Flush.ts"
import * as RepairPolicy from "../../src/replication/RepairPolicy.ts"
import * as Topology from "../../src/replication/Topology.ts"
import * as Network from "../../src/workbench/network/Network.ts"
import * as Cluster from "./Cluster.ts"

const star = { size: 5, topology: Topology.star, flush: Flush.onGrid("200 millis", "50 millis") }

const topologies = { direct: Topology.direct, star: Topology.star, ring: Topology.ring }

const between = (minimum: number, maximum: number) => Schema.Int.check(Schema.isBetween({ minimum, maximum }))

const Fate = Schema.Struct({
  topology: Schema.Literals(["direct", "star", "ring"]),
  loss: between(0, 3),
  seed: between(0, 1e9),
  steps: Schema.Array(
    Schema.Struct({
      what: Schema.Literals(["append", "append", "append", "crash", "restart"]),
      node: between(0, 3),
      wait: between(0, 2000)
    })
  ).check(Schema.isMinLength(20))
})

/** Lets every one of some nodes append an item every 100 ms. */
const appendAll = (cluster: Cluster.Cluster, nodes: ReadonlyArray<number>, seconds: number) =>
  Effect.gen(function* () {
    for (let turn = 0; turn < seconds * 10; turn++) {
      for (const node of nodes) {
        yield* cluster.append(node, turn)
      }
      yield* Effect.sleep("100 millis")
    }
  })

const counts = ({ replicas }: Cluster.Cluster, origin: string, nodes: ReadonlyArray<number>) =>
  nodes.map((node) => Cluster.deliveredOf(replicas[node]!, origin).length)

describe("Replication, when a node crashes", () => {
  it.effect("goes on through another hub when the hub is gone, and through the hub when it is back", () =>
    Cluster.run(star, (cluster) =>
      Effect.gen(function* () {
        const { network, nodes } = cluster
        yield* appendAll(cluster, [1, 2, 3, 4], 2)
        yield* nodes[0]!.crash
        yield* appendAll(cluster, [1, 2, 3, 4], 8)
        const log = yield* nodes[3]!.log
        const suspicion = log.find((line) => line.includes("n0 is out of reach, went on to n1"))
        assert.match(suspicion!, /component=Replication log=numbers/)

        // By now an item is everywhere after two flushes and two hops, as before.
        yield* cluster.append(4, 1000)
        yield* Effect.sleep("350 millis")
        assert.deepStrictEqual(counts(cluster, "n4", [1, 2, 3]), [101, 101, 101])
        assert.deepStrictEqual(counts(cluster, "n1", [2, 3, 4]), [100, 100, 100])

        yield* cluster.restart(0)
        yield* appendAll(cluster, [1, 2, 3, 4], 10)
        const since = network.journal.length
        yield* appendAll(cluster, [1, 2, 3, 4], 2)
        const toHub = network.journal
          .slice(since)
          .filter(({ event, message: { dest, src } }) => event === "send" && src === "n3" && dest.startsWith("n"))
          .map(({ message: { dest } }) => dest as string)
        assert.deepStrictEqual(new Set(toHub), new Set(["n0"]))
      })
    )
  )

  it.effect("passes on through another hub also what those send that have nothing to say themselves", () =>
    Cluster.run(star, (cluster) =>
      Effect.gen(function* () {
        yield* cluster.nodes[0]!.crash
        yield* cluster.append(4, 1)
        yield* Effect.sleep("5 seconds")
        assert.deepStrictEqual(counts(cluster, "n4", [1, 2, 3]), [1, 1, 1])
      })
    )
  )

  it.effect("sends what the hub has not taken to its successor after two seconds", () =>
    Effect.forEach(["1", "2", "3", "4"], (seed) =>
      Cluster.run({ ...star, seed }, (cluster) =>
        Effect.gen(function* () {
          yield* cluster.nodes[0]!.crash
          yield* cluster.append(4, 1)
          // Once the flush is over, and the question that followed a second later has not been answered either.
          yield* Effect.sleep("2250 millis")
          assert.deepStrictEqual(counts(cluster, "n4", [1]), [1])
        })
      )
    )
  )

  it.effect("finds a hub also when several of the first nodes are gone", () =>
    Cluster.run(star, (cluster) =>
      Effect.gen(function* () {
        for (const node of [0, 1, 2]) {
          yield* cluster.nodes[node]!.crash
        }
        yield* appendAll(cluster, [3, 4], 10)
        yield* cluster.append(4, 1000)
        yield* Effect.sleep("350 millis")
        assert.deepStrictEqual(counts(cluster, "n4", [3]), [101])
      })
    )
  )

  for (const topology of [Topology.star, Topology.direct, Topology.ring]) {
    it.effect("gives a node that comes back what is still kept, its own items among it", () =>
      Cluster.run({ size: 5, topology }, (cluster) =>
        Effect.gen(function* () {
          const { nodes, replicas } = cluster
          // What one node has not heard of none forgets.
          cluster.cut([4], [0, 1, 2, 3])
          yield* appendAll(cluster, [0, 1], 1)
          yield* nodes[0]!.crash
          yield* Effect.sleep("10 seconds")
          cluster.network.heal()
          yield* cluster.restart(0)
          assert.strictEqual(yield* cluster.append(1, 10), 10)
          // Before it can have heard of anything.
          assert.strictEqual(yield* cluster.append(0, 100), 0)
          yield* Effect.sleep("100 millis")
          assert.strictEqual(yield* cluster.append(0, 101), 1)
          yield* cluster.confirm(0, 1)
          yield* Effect.sleep("10 seconds")
          const old = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]
          assert.deepStrictEqual(Cluster.deliveredOf(replicas[0]!, "n0"), old)
          assert.deepStrictEqual(Cluster.deliveredOf(replicas[0]!, "n1"), [...old, 10])
          for (const node of [1, 2, 3, 4]) {
            assert.sameOrderedMembers(
              Cluster.deliveredOf(replicas[node]!, "n0").toSorted((a, b) => a - b),
              [...old, 100, 101]
            )
          }
          yield* Effect.sleep("60 seconds")
          assert.deepStrictEqual(yield* Cluster.retained(cluster), [0, 0, 0, 0, 0])

          // Sequence numbers count from its restart.
          cluster.cut([0], [1, 2, 3, 4])
          assert.strictEqual(yield* cluster.append(0, 102), 2)
          assert.isTrue(Option.isNone(yield* Effect.timeoutOption(cluster.confirm(0, 2), "10 seconds")))
        })
      )
    )
  }

  it.effect("gives a node that comes back what nobody has kept, as a snapshot, within two round trips", () =>
    Cluster.run({ size: 3 }, (cluster) =>
      Effect.gen(function* () {
        const { nodes, replicas } = cluster
        yield* appendAll(cluster, [0, 1, 2], 1)
        yield* Effect.sleep("60 seconds")
        assert.deepStrictEqual(yield* Cluster.retained(cluster), [0, 0, 0])
        yield* nodes[0]!.crash
        yield* cluster.restart(0)
        yield* Effect.sleep("80 millis")
        const old = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]
        for (const node of ["n0", "n1", "n2"]) {
          assert.deepStrictEqual(Cluster.deliveredOf(replicas[0]!, node), old)
        }
        yield* cluster.append(1, 10)
        yield* cluster.append(0, 100)
        yield* Effect.sleep("10 seconds")
        assert.deepStrictEqual(replicas[0]!.replication.version, [1, 11, 10])
        for (const node of [1, 2]) {
          assert.deepStrictEqual(Cluster.deliveredOf(replicas[node]!, "n0").slice(-1), [100])
        }
      })
    )
  )

  it.effect("brings a large state in parts of bounded size, also where many get lost", () =>
    Effect.forEach(["1", "2", "3"], (seed) =>
      Cluster.run({ size: 2, seed, repair: { ...RepairPolicy.standard, maxItems: 10 } }, (cluster) =>
        Effect.gen(function* () {
          const { network, nodes, replicas } = cluster
          for (let item = 0; item < 1000; item++) {
            yield* cluster.append(1, item)
          }
          yield* Effect.sleep("120 seconds")
          assert.deepStrictEqual(yield* Cluster.retained(cluster), [0, 0])
          yield* nodes[0]!.crash
          network.faults = { ...Network.reliable, loss: 0.3 }
          yield* cluster.restart(0)
          yield* Effect.sleep("60 seconds")
          assert.lengthOf(Cluster.deliveredOf(replicas[0]!, "n1"), 1000)
          const longest = network.journal.reduce((most, { message: { body } }) => {
            const elements = (body["elements"] ?? []) as ReadonlyArray<unknown>
            return Math.max(most, elements.length)
          }, 0)
          assert.strictEqual(longest, 10)
        })
      )
    )
  )

  it.effect("goes on under a number above its last one where its clock has stepped back", () =>
    Effect.suspend(() => {
      let skew = 0
      return Cluster.run({ size: 3, skewMillis: () => skew }, (cluster) =>
        Effect.gen(function* () {
          const { nodes, replicas } = cluster
          yield* cluster.append(0, 1)
          yield* Effect.sleep("10 seconds")
          for (const item of [2, 3]) {
            yield* nodes[0]!.crash
            skew -= 60_000
            yield* cluster.restart(0)
            assert.strictEqual(yield* cluster.append(0, item), 0)
            assert.strictEqual(yield* cluster.append(0, 10 * item), 1)
            yield* Effect.sleep("10 seconds")
          }
          for (const node of [1, 2]) {
            assert.deepStrictEqual(Cluster.deliveredOf(replicas[node]!, "n0"), [1, 2, 20, 3, 30])
          }
          assert.deepStrictEqual(Cluster.deliveredOf(replicas[0]!, "n0"), [1, 2, 20])
        })
      )
    })
  )

  it.effect.prop(
    "takes nothing from the others, however often it comes and goes",
    [Fate],
    ([{ loss, seed, steps, topology }]) =>
      Cluster.run({ size: 4, topology: topologies[topology], seed: String(seed) }, (cluster) =>
        Effect.gen(function* () {
          const { network, nodes, replicas } = cluster
          const appended: ReadonlyArray<Array<number>> = [[], [], [], []]
          let isUp = true
          network.faults = { loss: loss / 10, duplicate: 0.1, reorder: 0.1 }
          for (const [index, { node, wait, what }] of steps.entries()) {
            if (what === "append" && (isUp || node > 0)) {
              yield* cluster.append(node, index)
              appended[node]!.push(index)
            } else if (what === "crash" && isUp) {
              isUp = false
              yield* nodes[0]!.crash
            } else if (what === "restart" && !isUp) {
              isUp = true
              yield* cluster.restart(0)
            }
            yield* Effect.sleep(wait)
          }
          network.faults = Network.reliable
          if (!isUp) {
            yield* cluster.restart(0)
          }
          yield* Effect.sleep("60 seconds")
          for (const origin of [1, 2, 3]) {
            for (const other of [0, 1, 2, 3].filter((node) => node !== origin)) {
              assert.deepStrictEqual(Cluster.deliveredOf(replicas[other]!, `n${origin}`), appended[origin])
            }
          }
          // What it told nobody before it crashed is lost; on all else everyone agrees, as its last incarnation does.
          const sorted = (node: number) => Cluster.deliveredOf(replicas[node]!, "n0").toSorted((a, b) => a - b)
          assert.deepStrictEqual([sorted(2), sorted(3)], [sorted(1), sorted(1)])
          assert.includeMembers(appended[0]!, [...sorted(1)])
          assert.includeMembers([...sorted(1)], [...sorted(0)])
          yield* Effect.sleep("90 seconds")
          assert.deepStrictEqual(yield* Cluster.retained(cluster), [0, 0, 0, 0])
          const [, version] = replicas.map(({ replication }) => replication.version)
          for (const { replication } of replicas) {
            assert.deepStrictEqual(replication.version, version)
          }
        })
      ),
    { arbitrary: { runs: 60 }, timeout: 30_000 }
  )
})
