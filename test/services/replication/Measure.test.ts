import { it } from "@effect/vitest"
import { Effect } from "effect"
import * as Flush from "../../../src/services/replication/Flush.ts"
import * as Topology from "../../../src/services/replication/Topology.ts"
import * as Cluster from "./Cluster.ts"
for (const [name, size, topology, flush, latencyMillis] of [["3c", 5, Topology.ring, Flush.immediately, 0], ["3d", 25, Topology.direct, Flush.immediately, 100], ["3e", 25, Topology.hub, Flush.onGrid(450), 100]] as const)
for (const faults of [0, 0.1])
it.effect("m", () => Effect.gen(function* () {
  const times: number[] = []
  for (let seed = 0; seed < 100; seed++) times.push(yield* Cluster.run({ size, topology, flush, latencyMillis, seed: String(seed) }, (cluster) => Effect.gen(function* () {
    const all = [...cluster.nodes.keys()]
    const half = size >> 1
    cluster.network.faults = { loss: faults, duplicate: faults, reorder: faults }
    cluster.cut(all.slice(half), all.slice(0, half))
    for (const n of all) yield* cluster.append(n, n)
    yield* Effect.sleep("20 seconds")
    cluster.network.heal()
    let t = 0
    while (cluster.replicas.some(({ delivered }) => delivered.length < size - 1)) { yield* Effect.sleep(20); t += 20 }
    return t
  })))
  times.sort((a, b) => a - b)
  console.log(name, "faults", faults, "quiet heal -> converged ms: median", times[50], "p90", times[90], "max", times[99])
}), 100000)
