/**
 * A counter without a store: every addition goes to every node once, under an id of its own (its node and its sequence
 * number in that node's log), and every node sums up what it has heard of. Additions travel in batches.
 *
 * An addition is acknowledged when it is as safe as `Durability` says; with `memory`, when this node has it, so that
 * one that was not yet told is lost with the node. A node that starts anew hears from the others what it had told
 * before.
 */
import { Effect, Schema } from "effect"
import { Counter } from "../../protocol/Counter.ts"
import * as Flush from "../../replication/Flush.ts"
import * as Replication from "../../replication/Replication.ts"
import * as Topology from "../../replication/Topology.ts"
import type { NodeLayer } from "../../services/NodeProgram.ts"
import * as Delta from "./Delta.ts"
import * as LogTotals from "./LogTotals.ts"

/** The node, for a counter that may or may not be lowered. */
export const layer = (kind: Delta.Kind): NodeLayer =>
  Counter.toLayer(
    Effect.gen(function* () {
      const totals = LogTotals.make()
      const replication = yield* Replication.make({
        name: "deltas",
        item: Schema.Int,
        topology: Topology.direct,
        flush: Flush.after("1 second"),
        deliver: (delta, origin) => totals.add(origin, (total) => total + BigInt(delta)),
        snapshots: totals
      })

      return {
        add: Effect.fnUntraced(function* ({ delta }) {
          yield* Delta.add(kind, totals.sum(), delta)
          yield* replication.appendWith((origin) => {
            totals.add(origin, (total) => total + BigInt(delta))
            return delta
          })
          yield* replication.durable
          return {}
        }),
        read: () =>
          Effect.suspend(() => Delta.exact(totals.sum())).pipe(
            Effect.tap(replication.durable),
            Effect.map((value) => ({ value }))
          )
      }
    })
  )
