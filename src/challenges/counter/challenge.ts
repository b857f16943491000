/**
 * Challenge 4: a grow-only counter that every node adds to, on a sequentially consistent store, whose reads may be old;
 * and the PN-counter, which can also be lowered.
 */
import type { Challenge } from "../Challenge.ts"
import { official } from "../Official.ts"
import type { Kind } from "./Delta.ts"
import * as broadcastCas from "./broadcastCas.ts"
import * as cas from "./cas.ts"
import * as crdt from "./crdt.ts"
import * as deltas from "./deltas.ts"
import * as perNode from "./perNode.ts"

const strategies = (kind: Kind): Challenge["strategies"] => ({
  "per-node": {
    summary: "every node keeps its own total in seq-kv, by compare-and-set, and reads the others'",
    layer: perNode.layer(kind),
    survivesCrash: true
  },
  crdt: { summary: "every node tells the others its total, no store", layer: crdt.layer(kind) },
  deltas: { summary: "every addition is told to every node, in batches, no store", layer: deltas.layer(kind) },
  cas: {
    summary: "one key in seq-kv, by compare-and-set; reads need the store as well",
    layer: cas.layer(kind),
    survivesCrash: true
  },
  "broadcast-cas": {
    summary: "every addition is told to every node, and added by each to its own key in seq-kv by compare-and-set",
    layer: broadcastCas.layer(kind)
  }
})

/** 4: three nodes over `seq-kv`, while the network is cut. */
export const challenge4: Challenge = {
  id: "4",
  title: "Grow-only counter",
  ...official["4"],
  strategies: strategies("grow-only")
}

/** No challenge of Gossip Glomers, but a workload of Maelstrom. */
export const pnCounter: Challenge = {
  id: "pn-counter",
  title: "PN-counter",
  workload: "pn-counter",
  flags: official["4"].flags,
  strategies: strategies("positive-negative")
}
