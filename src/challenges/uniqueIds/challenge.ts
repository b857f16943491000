/**
 * Challenge 2: ids that no node ever hands out twice, also while nodes cannot talk to each other.
 */
import type { Challenge } from "../Challenge.ts"
import { official } from "../Official.ts"
import * as counter from "./counter.ts"
import * as sequential from "./sequential.ts"
import * as snowflake from "./snowflake.ts"

/** 2: three nodes, totally available while the network is cut. */
export const challenge2: Challenge = {
  id: "2",
  title: "Unique ID generation",
  ...official["2"],
  strategies: {
    counter: {
      summary: "node id, incarnation and a counter, no messages",
      layer: counter.layer,
      survivesCrash: true
    },
    snowflake: {
      summary: "time-ordered 63-bit ids, no messages, unique over crashes unless the clock steps back",
      layer: snowflake.layer,
      survivesCrash: true
    },
    sequential: { summary: "0, 1, 2, … by compare-and-set on lin-kv", layer: sequential.layer, survivesCrash: true }
  }
}
