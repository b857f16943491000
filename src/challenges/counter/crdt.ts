/**
 * A counter without a store: every node has a total of its own, and tells the others when it has changed. The sum of
 * the newest total of each node, in each of its incarnations, is the counter.
 *
 * The G-counter of Shapiro et al., "A comprehensive study of Convergent and Commutative Replicated Data Types" (2011);
 * as a node's totals arrive in order, the last to arrive is the newest, and the PN-counter needs nothing more. An
 * addition is acknowledged when it is as safe as `Durability` says; with `memory`, when this node has it, so that one
 * that was not yet told is lost with the node. A node that starts anew begins a total of its own, and hears from the
 * others what it had told before.
 */
import { Effect, Schedule, Schema } from "effect"
import { Counter } from "../../protocol/Counter.ts"
import * as Flush from "../../replication/Flush.ts"
import * as Replication from "../../replication/Replication.ts"
import * as Topology from "../../replication/Topology.ts"
import { Durability } from "../../services/Durability.ts"
import { Timers } from "../../services/Timers.ts"
import type { NodeLayer } from "../../services/NodeProgram.ts"
import * as Delta from "./Delta.ts"
import * as LogTotals from "./LogTotals.ts"

/** The node, for a counter that may or may not be lowered. */
export const layer = (kind: Delta.Kind): NodeLayer =>
  Counter.toLayer(
    Effect.gen(function* () {
      const timers = yield* Timers
      const totals = LogTotals.make()
      /** What was added here and is not in this node's total yet. */
      let untold = 0
      const replication = yield* Replication.make({
        name: "totals",
        item: Schema.Int,
        topology: Topology.direct,
        flush: Flush.immediately,
        deliver: (total, origin) => totals.add(origin, () => BigInt(total)),
        snapshots: totals
      })

      const tell = Effect.suspend(() =>
        untold === 0
          ? Effect.void
          : replication.appendWith((origin) => {
              totals.add(origin, (total) => total + BigInt(untold))
              untold = 0
              return Number(totals.of(origin))
            })
      )
      yield* timers.recur("tell the total", Schedule.spaced(period), tell)
      /** All additions are as safe as they have to be. */
      const durable = (yield* Durability) === "memory" ? Effect.void : Effect.andThen(tell, replication.durable)

      return {
        add: Effect.fnUntraced(function* ({ delta }) {
          yield* Delta.add(kind, totals.of(replication.origin) + BigInt(untold), delta)
          untold += delta
          yield* durable
          return {}
        }),
        read: () =>
          Effect.suspend(() => Delta.exact(totals.sum() + BigInt(untold))).pipe(
            Effect.tap(durable),
            Effect.map((value) => ({ value }))
          )
      }
    })
  )

/** How often a node tells its total at most. */
const period = "1 second"
