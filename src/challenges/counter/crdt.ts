/**
 * A counter without a store: every node has a total of its own, and tells the others when it has changed. The sum of the
 * newest total of each node is the counter.
 *
 * The G-counter of Shapiro et al., "A comprehensive study of Convergent and Commutative Replicated Data Types" (2011); as
 * a node's totals arrive in order, the last to arrive is the newest, and the PN-counter needs nothing more. An addition is
 * acknowledged when this node has it, so that one that was not yet told is lost with the node's memory.
 */
import { Effect, Layer, Schedule, Schema } from "effect"
import { Add, Read } from "../../protocol/Counter.ts"
import type { NodeId } from "../../protocol/NodeId.ts"
import { Node } from "../../services/Node.ts"
import * as Flush from "../../services/replication/Flush.ts"
import * as Replication from "../../services/replication/Replication.ts"
import * as Topology from "../../services/replication/Topology.ts"
import { Timers } from "../../services/Timers.ts"
import type { ChallengeLayer } from "../Challenge.ts"
import * as Delta from "./Delta.ts"

export const layer = (kind: Delta.Kind): ChallengeLayer =>
  Layer.unwrap(
    Effect.gen(function* () {
      const node = yield* Node
      const timers = yield* Timers
      const totals = new Map<NodeId, number>([[node.id, 0]])
      const replication = yield* Replication.make({
        name: "totals",
        item: Schema.Int,
        topology: Topology.direct,
        flush: Flush.immediately,
        deliver: (total, origin) => void totals.set(origin, total)
      })

      let told = 0
      yield* timers.recur(
        "tell the total",
        { schedule: Schedule.spaced(period) },
        Effect.suspend(() => {
          const total = totals.get(node.id)!
          if (total === told) return Effect.void
          told = total
          return replication.append(total)
        })
      )

      return Layer.mergeAll(
        Node.serve(
          Add,
          Effect.fnUntraced(function* ({ delta }) {
            totals.set(node.id, yield* Delta.add(kind, totals.get(node.id)!, delta))
            return {}
          })
        ),
        Node.serve(Read, () => Effect.map(Delta.sum(totals.values()), (value) => ({ value })))
      )
    })
  )

/** How often a node tells its total at most. */
const period = "1 second"
