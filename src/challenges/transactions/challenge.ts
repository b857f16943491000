/**
 * Challenges 6a to 6c: transactions over registers, on one node, and on several that stay available when they cannot
 * talk.
 */
import type { Challenge } from "../Challenge.ts"
import { official } from "../Official.ts"
import * as replicated from "./replicated.ts"
import * as totalOrder from "./totalOrder.ts"
import * as unreplicated from "./unreplicated.ts"

/** 6a: one node. */
export const challenge6a: Challenge = {
  id: "6a",
  title: "Single-node transactions",
  ...official["6a"],
  strategies: { local: { summary: "one after another, each in one step", layer: unreplicated.layer } }
}

const strategies: Challenge["strategies"] = {
  replicated: {
    summary: "on each node's copy at once, told to the others in causal order, last writer wins",
    layer: replicated.layer
  },
  "total-order": {
    summary: "strictly serializable through one value in lin-kv, by compare-and-set",
    layer: totalOrder.layer,
    survivesCrash: true
  },
  "no-replication": { summary: "on each node's copy, told to nobody: valid, and useless", layer: unreplicated.layer }
}

/** 6b: two nodes, read uncommitted, totally available while the network is cut. */
export const challenge6b: Challenge = {
  id: "6b",
  title: "Totally available, read-uncommitted transactions",
  ...official["6b"],
  strategies
}

/** 6c: the same, read committed. */
export const challenge6c: Challenge = {
  id: "6c",
  title: "Totally available, read-committed transactions",
  ...official["6c"],
  strategies
}
