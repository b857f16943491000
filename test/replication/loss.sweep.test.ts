import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as Network from "../../src/workbench/network/Network.ts"
import * as Cluster from "./Cluster.ts"
import { topologies } from "./everyReplication.ts"

describe("Replication", () => {
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
})
