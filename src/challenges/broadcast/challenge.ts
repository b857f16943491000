/**
 * Challenges 3a to 3e: broadcast, on one node, on several, through partitions, and as cheap as it can be.
 *
 * 3d and 3e are the same network, 25 nodes with 100 ms per hop, for the lowest latency and for the fewest messages.
 * What we answer them with differs in two values.
 */
import type { Duration } from "effect"
import * as Flush from "../../replication/Flush.ts"
import * as Topology from "../../replication/Topology.ts"
import type { Challenge, Strategy } from "../Challenge.ts"
import { official } from "../Official.ts"
import * as Broadcast from "./Broadcast.ts"
import * as published from "./published/strategies.ts"
import * as singleNode from "./singleNode.ts"

/**
 * Every value goes along all edges of Maelstrom's topology as soon as it is known; what is lost on the way is repaired.
 */
const alongGiven = Broadcast.layer({ topology: "given", flush: Flush.immediately })

/** One hop for every value: nothing can be faster, and 24 messages per value is what that costs. */
export const direct = Broadcast.layer({ topology: Topology.direct, flush: Flush.immediately })

/**
 * Along a tree of four branches, without acknowledgements: as many messages as straight to every node, and more hops.
 */
const tree = Broadcast.layer({ topology: Topology.tree(4), flush: Flush.immediately })

/** Two hops for all values of a period: two messages per node and period, however many values there are. */
const batched = (period: Duration.Input) => Broadcast.layer({ topology: Topology.star, flush: Flush.onGrid(period) })

/** 3a: one node, which only has to remember. */
export const challenge3a: Challenge = {
  id: "3a",
  title: "Single-node broadcast",
  ...official["3a"],
  strategies: { "single-node": { summary: "keeps what it is told", layer: singleNode.layer } }
}

const replicated: Strategy = {
  summary: "along Maelstrom's topology at once, repaired by anti-entropy",
  layer: alongGiven
}

/** 3b: five nodes on a network without faults. */
export const challenge3b: Challenge = {
  id: "3b",
  title: "Multi-node broadcast",
  ...official["3b"],
  strategies: { replicated, flood: published.flood, ...published.faultTolerant }
}

/** 3c: 3b while the network is cut. */
export const challenge3c: Challenge = {
  id: "3c",
  title: "Fault-tolerant broadcast",
  ...official["3c"],
  strategies: { replicated, ...published.faultTolerant }
}

/** 3d: 25 nodes with 100 ms per hop, below 30 messages per operation and 400 ms in the median. */
export const challenge3d: Challenge = {
  id: "3d",
  title: "Efficient broadcast, part 1",
  ...official["3d"],
  strategies: {
    direct: { summary: "every value straight to every node, at once", layer: direct },
    tree: { summary: "every value along a tree of four branches, at once", layer: tree },
    "acked-tree": published.faultTolerant["acked-tree"],
    "primary-backup": published.faultTolerant["primary-backup"]
  }
}

// The strategies of the star are named after its hub: their names are in recorded figures, and in what people type. Of
// all periods 300 ms, the default, is the furthest ahead of 1.99 messages per operation / 339 ms median / 678 ms
// maximum, the best published, in the one of the three figures in which it is least ahead: by 39 % (280 ms 36 %, 320 ms
// 38 %).
const periodsMillis = [300, 100, 200, 240, 350, 450, 500, 700, 850, 1000, 1200, 1400, 1600]

/** 3e: the same network, below 20 messages per operation and 1 s in the median. */
export const challenge3e: Challenge = {
  id: "3e",
  title: "Efficient broadcast, part 2",
  ...official["3e"],
  strategies: {
    ...Object.fromEntries(
      periodsMillis.map((millis) => [
        `hub-${millis}`,
        { summary: `through a hub, on a time grid of ${millis} ms`, layer: batched(millis) }
      ])
    ),
    "batched-tree": published.faultTolerant["batched-tree"],
    "periodic-sync": published.faultTolerant["periodic-sync"],
    "vector-gossip": published.faultTolerant["vector-gossip"]
  }
}
