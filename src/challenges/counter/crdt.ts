/**
 * A counter without a store: every node has a total of its own, and tells the others when it has changed. The sum of
 * the newest total of each node is the counter.
 *
 * The G-counter of Shapiro et al., "A comprehensive study of Convergent and Commutative Replicated Data Types" (2011);
 * as a node's totals arrive in order, the last to arrive is the newest, and the PN-counter needs nothing more. An
 * addition is acknowledged when this node has it, so that one that was not yet told is lost with the node's memory. A
 * node that starts anew hears from the others what it had told, and goes on from there.
 */
import { Effect, Schedule, Schema } from "effect"
import { Counter } from "../../protocol/Counter.ts"
import type { NodeId } from "../../protocol/NodeId.ts"
import { Node } from "../../services/Node.ts"
import * as Flush from "../../replication/Flush.ts"
import * as Replication from "../../replication/Replication.ts"
import * as Topology from "../../replication/Topology.ts"
import { Timers } from "../../services/Timers.ts"
import type { NodeLayer } from "../../services/NodeProgram.ts"
import * as Delta from "./Delta.ts"

/** The node, for a counter that may or may not be lowered. */
export const layer = (kind: Delta.Kind): NodeLayer =>
  Counter.toLayer(
    Effect.gen(function* () {
      const node = yield* Node
      const timers = yield* Timers
      const others = new Map<NodeId, number>()
      /**
       * The total that this node had before it started, as far as the others knew of it, and what it has added since.
       */
      let inherited = 0
      let added = 0
      const replication = yield* Replication.make({
        name: "totals",
        item: Schema.Int,
        topology: Topology.direct,
        flush: Flush.immediately,
        deliver: (total, origin) => {
          if (origin === node.id) {
            inherited = total
          } else {
            others.set(origin, total)
          }
        }
      })

      let told = 0
      yield* timers.recur(
        "tell the total",
        Schedule.spaced(period),
        Effect.suspend(() => {
          const total = inherited + added
          if (total === told) {
            return Effect.void
          }
          told = total
          return replication.append(total)
        })
      )

      return {
        add: Effect.fnUntraced(function* ({ delta }) {
          yield* Delta.add(kind, inherited + added, delta)
          added += delta
          return {}
        }),
        read: () => Effect.map(Delta.sum([inherited, added, ...others.values()]), (value) => ({ value }))
      }
    })
  )

/** How often a node tells its total at most. */
const period = "1 second"
