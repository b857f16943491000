/**
 * Challenges 3b and 3c: broadcast along the topology that Maelstrom gives, without and with partitions.
 */
import * as Flush from "../../replication/Flush.ts"
import type { Challenge, Strategy } from "../Challenge.ts"
import { official } from "../Official.ts"
import * as Broadcast from "./Broadcast.ts"
import * as Sources from "./published/strategies.ts"

/** Every value goes along all edges as soon as it is known; what is lost on the way is repaired. */
export const layer = Broadcast.layer({ topology: "given", flush: Flush.immediately })

const replicated: Strategy = { summary: "along Maelstrom's topology at once, repaired by anti-entropy", layer }

export const multiNode: Challenge = {
  id: "3b",
  title: "Multi-node broadcast",
  ...official["3b"],
  strategies: { replicated, flood: Sources.flood, ...Sources.faultTolerant }
}

export const faultTolerant: Challenge = {
  id: "3c",
  title: "Fault-tolerant broadcast",
  ...official["3c"],
  strategies: { replicated, ...Sources.faultTolerant }
}
