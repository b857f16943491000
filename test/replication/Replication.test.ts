import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect, Schema } from "effect"
import * as Flush from "../../src/replication/Flush.ts"
import * as RepairPolicy from "../../src/replication/RepairPolicy.ts"
import * as Topology from "../../src/replication/Topology.ts"
import * as Network from "../../src/workbench/network/Network.ts"
import * as Cluster from "./Cluster.ts"

const topologies: { readonly [name: string]: Topology.Topology } = {
  direct: Topology.direct,
  star: Topology.star,
  tree: Topology.tree(2),
  ring: Topology.ring,
  nobody: Topology.neighbours(() => [])
}

const flushes: { readonly [name: string]: Flush.Flush } = {
  immediately: Flush.immediately,
  after: Flush.after("100 millis"),
  grid: Flush.onGrid("400 millis", "50 millis")
}

const between = (minimum: number, maximum: number) => Schema.Int.check(Schema.isBetween({ minimum, maximum }))

/** A cluster's fate: what happens at which node, and for how many milliseconds nothing else does. */
const Step = Schema.Struct({
  what: Schema.Literals(["append", "append", "append", "cut", "heal", "pause", "resume"]),
  node: between(0, 6),
  wait: between(0, 1500)
})
const Fate = Schema.Struct({
  size: between(2, 7),
  topology: Schema.Literals(["direct", "star", "tree", "ring", "nobody"]),
  flush: Schema.Literals(["immediately", "after", "grid"]),
  faults: Schema.Struct({ loss: between(0, 5), duplicate: between(0, 5), reorder: between(0, 5) }),
  seed: between(0, 1e9),
  steps: Schema.Array(Step).check(Schema.isMinLength(25))
})

/** Lets a cluster have its fate, until all is well again. Returns what each node has appended. */
const suffer = Effect.fnUntraced(function* (cluster: Cluster.Cluster, { faults, size, steps }: typeof Fate.Type) {
  const { network, nodes } = cluster
  const appended = nodes.map((): Array<number> => [])
  const paused = new Set<number>()
  network.faults = { loss: faults.loss / 10, duplicate: faults.duplicate / 10, reorder: faults.reorder / 10 }
  for (const [item, { node, wait, what }] of steps.entries()) {
    const index = node % size
    const rest = [...nodes.keys()].filter((other) => other !== index)
    if (what === "append" && !paused.has(index)) {
      yield* cluster.append(index, item)
      appended[index]!.push(item)
    } else if (what === "cut") {
      const split = 1 + (wait % rest.length)
      cluster.cut([index, ...rest.slice(split)], rest.slice(0, split))
    } else if (what === "heal") {
      network.heal()
    } else if (what === "pause") {
      paused.add(index)
      yield* nodes[index]!.pause
    } else if (what === "resume") {
      paused.delete(index)
      yield* nodes[index]!.resume
    }
    yield* Effect.sleep(wait)
  }
  network.heal()
  network.faults = Network.reliable
  for (const node of nodes) {
    yield* node.resume
  }
  return appended
})

const isWhole = ({ replicas }: Cluster.Cluster, appended: ReadonlyArray<ReadonlyArray<number>>) => {
  for (const [self, replica] of replicas.entries()) {
    assert.deepStrictEqual(
      replica.replication.version,
      appended.map(({ length }) => length)
    )
    for (const [origin, items] of appended.entries()) {
      assert.deepStrictEqual(Cluster.deliveredOf(replica, `n${origin}`), origin === self ? [] : items)
    }
  }
}

describe("Replication", () => {
  it.effect.prop(
    "brings every item to every node once and in order, and keeps nothing afterwards, whatever went wrong before",
    [Fate],
    ([fate]) =>
      Cluster.run(
        {
          size: fate.size,
          topology: topologies[fate.topology]!,
          flush: flushes[fate.flush]!,
          seed: String(fate.seed)
        },
        (cluster) =>
          Effect.gen(function* () {
            const appended = yield* suffer(cluster, fate)
            yield* Effect.sleep("30 seconds")
            isWhole(cluster, appended)
            yield* Effect.sleep("90 seconds")
            assert.deepStrictEqual(
              yield* Cluster.retained(cluster),
              cluster.nodes.map(() => 0)
            )
          })
      ),
    { arbitrary: { runs: 100 }, timeout: 30_000 }
  )

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

  it.effect("brings what was missed from one half to the other in some seconds, each time", () =>
    Effect.forEach(
      Array.from({ length: 20 }, (_, seed) => String(seed)),
      (seed) =>
        Cluster.run({ size: 20, seed }, (cluster) =>
          Effect.gen(function* () {
            const all = [...cluster.nodes.keys()]
            cluster.cut(all.slice(10), all.slice(0, 10))
            yield* cluster.append(0, 1)
            yield* Effect.sleep("20 seconds")
            cluster.network.heal()
            yield* Effect.sleep("7 seconds")
            const lacking = cluster.replicas.slice(1).filter(({ delivered }) => delivered.length === 0)
            assert.lengthOf(lacking, 0)
          })
        ),
      { discard: true }
    )
  )

  for (const [name, items, quiet] of [
    ["direct", 200, "0 seconds"],
    ["direct", 200, "20 seconds"],
    ["direct", 1, "1 second"],
    ["star", 200, "3 seconds"],
    ["tree", 200, "8 seconds"]
  ] as const) {
    it.effect(`has ${items} items everywhere 5 s after a third was lost, ${quiet} after the last: ${name}`, () =>
      Effect.forEach(
        Array.from({ length: 10 }, (_, seed) => String(seed)),
        (seed) =>
          Cluster.run({ size: 25, seed, topology: topologies[name]!, latencyMillis: 100 }, (cluster) =>
            Effect.gen(function* () {
              yield* Effect.sleep("1 second")
              cluster.network.faults = { ...Network.reliable, loss: 0.3 }
              for (let item = 0; item < items; item++) {
                yield* cluster.append(item % 25, item)
                yield* Effect.sleep("20 millis")
              }
              yield* Effect.sleep(quiet)
              cluster.network.faults = Network.reliable
              yield* Effect.sleep("5 seconds")
              for (const [node, { delivered }] of cluster.replicas.entries()) {
                const own = Math.ceil((items - node) / 25)
                assert.lengthOf(delivered, items - Math.max(0, own), `n${node}, seed ${seed}`)
              }
            })
          ),
        { discard: true }
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
        yield* Effect.sleep("1300 millis")
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
