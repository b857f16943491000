/**
 * A counter of which every node keeps a copy of its own in `seq-kv`: each addition is told to every node, and each node
 * adds it to its own key by compare-and-set.
 *
 * A node's key is written by that node only, so that the node always reads it fresh. It is the dearest of the designs:
 * n compare-and-sets per addition, besides telling it. An addition is acknowledged when this node has added it to its
 * key; a compare-and-set that went unanswered is looked into before it is repeated, since it may have taken place.
 *
 * It does not survive a crash: a node that starts anew cannot tell which additions are in its copy already. It begins
 * with an empty one, and adds up what the others still can tell it.
 */
import { Effect, Schema } from "effect"
import { Counter } from "../../protocol/Counter.ts"
import * as GroupCommit from "../../services/GroupCommit.ts"
import * as Incarnation from "../../services/Incarnation.ts"
import { SeqKv } from "../../services/Kv.ts"
import { Node } from "../../services/Node.ts"
import * as Policy from "../../services/Policy.ts"
import * as Flush from "../../replication/Flush.ts"
import * as Replication from "../../replication/Replication.ts"
import * as Topology from "../../replication/Topology.ts"
import type { NodeLayer } from "../../services/NodeProgram.ts"
import * as Delta from "./Delta.ts"
import * as LogTotals from "./LogTotals.ts"
import * as SingleWriter from "./SingleWriter.ts"

/** The node, for a counter that may or may not be lowered. */
export const layer = (kind: Delta.Kind): NodeLayer =>
  Counter.toLayer(
    Effect.gen(function* () {
      const node = yield* Node
      // As text, since the sum may be beyond the integers that JSON numbers hold, though no addition is.
      const copies = (yield* SeqKv).collection({
        key: Schema.String,
        value: SingleWriter.Written(Schema.BigIntFromString)
      })
      const key = `copy of ${node.id}`

      // An empty copy in place of what an earlier incarnation has left.
      const incarnation = yield* Incarnation.make
      let copy = yield* Policy.retryForever(
        SingleWriter.takeOver(copies, key, { total: 0n, version: 1, incarnation }, () => 0n)
      )
      const store = Effect.fnUntraced(function* (total: bigint) {
        const next = { total, version: copy.version + 1, incarnation }
        yield* Policy.retryForever(SingleWriter.replace(copies, key, copy, next))
        copy = next
      })
      const additions = yield* GroupCommit.make({
        run: (deltas: ReadonlyArray<bigint>) =>
          Effect.as(store(deltas.reduce((sum, delta) => sum + delta, copy.total)), deltas)
      })
      /** What was told of each log: what the copy is to add up to. */
      const totals = LogTotals.make()
      const replication = yield* Replication.make({
        name: "additions",
        item: Schema.Int,
        topology: Topology.direct,
        flush: Flush.immediately,
        deliver: (delta, origin) => {
          totals.add(origin, (total) => total + BigInt(delta))
          additions.submitUnsafe(BigInt(delta))
        },
        snapshots: {
          ...totals,
          merge: (elements) => {
            const before = totals.sum()
            totals.merge(elements)
            additions.submitUnsafe(totals.sum() - before)
          }
        }
      })

      return {
        add: Effect.fnUntraced(function* ({ delta }) {
          yield* Delta.add(kind, copy.total, delta)
          const stored = additions.submitUnsafe(BigInt(delta))
          yield* replication.appendWith((origin) => {
            totals.add(origin, (total) => total + BigInt(delta))
            return delta
          })
          yield* stored
          return {}
        }),
        read: () =>
          Effect.map(
            Effect.flatMap(copies.read(key), ({ total }) => Delta.exact(total)),
            (value) => ({ value })
          )
      }
    })
  )
