/**
 * Published strategies: designs of other authors, to be compared with ours.
 */
import type { Strategy } from "../../Challenge.ts"
import * as AckedTree from "./ackedTree.ts"
import * as BatchedTree from "./batchedTree.ts"
import * as Flood from "./flood.ts"
import * as PeriodicSync from "./periodicSync.ts"
import * as PrimaryBackup from "./primaryBackup.ts"
import * as VectorGossip from "./vectorGossip.ts"

/** Loses values where messages are lost. */
export const flood: Strategy = {
  summary: "every new value to all neighbours of Maelstrom's topology, nothing repaired",
  layer: Flood.layer
}

/** Those that lose nothing in partitions, by their names. */
export const faultTolerant = {
  "acked-tree": {
    summary: "along a tree of four branches, every message repeated until it is acknowledged",
    layer: AckedTree.layer
  },
  "batched-tree": {
    summary: "a second's values in one message along a tree of four branches, repeated until it is acknowledged",
    layer: BatchedTree.layer
  },
  "periodic-sync": {
    summary: "all values to all nodes every half a second",
    layer: PeriodicSync.layer
  },
  "primary-backup": {
    summary: "every value straight to every node, repeated by a random one, and a full sync every six seconds",
    layer: PrimaryBackup.layer
  },
  "vector-gossip": {
    summary: "a vector clock to half of the nodes every 400 ms, answered by what it lacks",
    layer: VectorGossip.layer
  }
} as const satisfies { readonly [name: string]: Strategy }
