/**
 * Challenges 5a to 5c: append-only logs in the manner of Kafka, on one node, on several over a store, and as fast as
 * they can be.
 */
import type { Challenge } from "../Challenge.ts"
import { official } from "../Official.ts"
import * as compareAndSet from "./compareAndSet.ts"
import * as leaderless from "./leaderless.ts"
import * as Ownership from "./Ownership.ts"
import * as replicated from "./replicated.ts"
import * as singleNode from "./singleNode.ts"
import * as segmentsInLinKv from "./segmentsInLinKv.ts"

/** 5a: one node. */
export const challenge5a: Challenge = {
  id: "5a",
  title: "Single-node log",
  ...official["5a"],
  strategies: { "in-memory": { summary: "keeps records in memory", layer: singleNode.layer } }
}

/** 5b: two nodes over `lin-kv`. */
export const challenge5b: Challenge = {
  id: "5b",
  title: "Multi-node log",
  ...official["5b"],
  strategies: {
    sharded: {
      summary: "each log has an owner, by rendezvous hashing, which stores segments in lin-kv",
      layer: segmentsInLinKv.layer(Ownership.rendezvous),
      survivesCrash: true
    },
    leader: {
      summary: "the first node owns all logs and stores segments in lin-kv",
      layer: segmentsInLinKv.layer(Ownership.leader),
      survivesCrash: true
    },
    cas: {
      summary: "nobody owns a log; segments in lin-kv by compare-and-set",
      layer: compareAndSet.layer,
      survivesCrash: true
    }
  }
}

/** 5c: the same, with as few messages as can be. */
export const challenge5c: Challenge = {
  id: "5c",
  title: "Efficient log",
  ...official["5c"],
  strategies: {
    leaderless: {
      summary: "nobody owns a log; each node gives offsets by its Lamport clock and tells the others in batches",
      layer: leaderless.layer
    },
    replicated: {
      summary: "each log has an owner, which acknowledges at once and tells the others in batches",
      layer: replicated.layer
    }
  }
}
