/**
 * A counter without a store: every addition goes to every node once, under an id of its own (its node and its sequence
 * number in that node's log), and every node sums up what it has heard of. Additions travel in batches.
 *
 * An addition is acknowledged when this node has it, so that one that was not yet told is lost with the node's memory.
 */
import { Effect, Schema } from "effect"
import { Counter } from "../../protocol/Counter.ts"
import * as Flush from "../../replication/Flush.ts"
import * as Replication from "../../replication/Replication.ts"
import * as Topology from "../../replication/Topology.ts"
import type { NodeLayer } from "../../services/NodeProgram.ts"
import * as Delta from "./Delta.ts"

/** The node, for a counter that may or may not be lowered. */
export const layer = (kind: Delta.Kind): NodeLayer =>
  Counter.toLayer(
    Effect.gen(function* () {
      let sum = 0n
      const replication = yield* Replication.make({
        name: "deltas",
        item: Schema.Int,
        topology: Topology.direct,
        flush: Flush.after("1 second"),
        deliver: (delta) => {
          sum += BigInt(delta)
        }
      })

      return {
        add: Effect.fnUntraced(function* ({ delta }) {
          yield* Delta.add(kind, sum, delta)
          sum += BigInt(delta)
          yield* replication.append(delta)
          return {}
        }),
        read: () =>
          Effect.map(
            Effect.suspend(() => Delta.exact(sum)),
            (value) => ({ value })
          )
      }
    })
  )
