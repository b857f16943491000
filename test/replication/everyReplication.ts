/**
 * The topologies and the flushes that replication is tested with, and what has to come of all.
 */
import { assert } from "@effect/vitest"
import * as Flush from "../../src/replication/Flush.ts"
import * as Topology from "../../src/replication/Topology.ts"
import * as Cluster from "./Cluster.ts"

export const topologies: { readonly [name: string]: Topology.Topology } = {
  direct: Topology.direct,
  star: Topology.star,
  tree: Topology.tree(2),
  ring: Topology.ring,
  nobody: Topology.neighbours(() => [])
}

export const flushes: { readonly [name: string]: Flush.Flush } = {
  immediately: Flush.immediately,
  after: Flush.after("100 millis"),
  grid: Flush.onGrid("400 millis", "50 millis")
}

/** Every node has delivered what each of the others has appended, once and in order. */
export const isWhole = ({ replicas }: Cluster.Cluster, appended: ReadonlyArray<ReadonlyArray<number>>) => {
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
