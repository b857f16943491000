import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import * as Network from "../../src/workbench/network/Network.ts"
import { sweep } from "../sweep.ts"
import * as Cluster from "./Cluster.ts"
import { flushes, isWhole, topologies } from "./everyReplication.ts"

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
    { arbitrary: { runs: sweep(100).length }, timeout: 30_000 }
  )

  it.effect("brings what was missed from one half to the other in some seconds, each time", () =>
    Effect.forEach(
      sweep(20, 3).map((count) => String(Number(count) - 1)),
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
})
