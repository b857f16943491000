/**
 * Challenges 3d and 3e: broadcast on a network of 25 nodes with 100 ms a hop, for the lowest latency and for the fewest
 * messages. They differ in two values.
 */
import type { Duration } from "effect"
import * as Flush from "../../replication/Flush.ts"
import * as Topology from "../../replication/Topology.ts"
import type { Challenge } from "../Challenge.ts"
import { official } from "../Official.ts"
import * as Broadcast from "./Broadcast.ts"
import { faultTolerant } from "./published/strategies.ts"

/** One hop for every value: nothing can be faster, and 24 messages a value is what that costs. */
export const direct = Broadcast.layer({ topology: Topology.direct, flush: Flush.immediately })

/** Along a tree of four branches, without acknowledgements: as many messages as straight to every node, and more hops. */
export const tree = Broadcast.layer({ topology: Topology.tree(4), flush: Flush.immediately })

/** Two hops for all values of a period: two messages a node and period, however many values there are. */
export const batched = (period: Duration.Input) =>
  Broadcast.layer({ topology: Topology.star, flush: Flush.onGrid(period) })

// The strategies of the star are named after its hub: their names are in recorded figures, and in what people type.
const periodsMillis = [450, 100, 200, 300, 500, 700, 850, 1000, 1200, 1400, 1600]

export const fast: Challenge = {
  id: "3d",
  title: "Efficient broadcast, part 1",
  ...official["3d"],
  strategies: {
    direct: { summary: "every value straight to every node, at once", layer: direct },
    tree: { summary: "every value along a tree of four branches, at once", layer: tree },
    "acked-tree": faultTolerant["acked-tree"],
    "primary-backup": faultTolerant["primary-backup"]
  }
}

export const frugal: Challenge = {
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
    "batched-tree": faultTolerant["batched-tree"],
    "periodic-sync": faultTolerant["periodic-sync"],
    "vector-gossip": faultTolerant["vector-gossip"]
  }
}
