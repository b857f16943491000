/**
 * A counter on a sequentially consistent store, `seq-kv`, in which every node writes its own total to a key of its own.
 *
 * `seq-kv` is sequentially consistent: there is one order of all operations, in which every node's own come in the
 * order in which it sent them, but what a node reads may be as of any moment since its own last write. A node that only
 * reads may be shown the same old state for ever. What makes the counter right nevertheless:
 *
 * 1. A total is replaced by its own node only, one replacement after another, by compare-and-set from what the last has
 *   left, and no value comes twice (`SingleWriter.ts`). An addition is acknowledged when the replacement that contains
 *   it took place.
 * 2. A write that changes the store takes place on its newest state, and what the same node reads after it is no older.
 *   Each round of reading the others' totals begins with such a write, if only of a higher version of the same total:
 *   what was acknowledged anywhere before that write is seen.
 * 3. Rounds never end and are at most two seconds apart, so that soon after the last addition every node has the sum of
 *   all.
 *
 * A read is answered from what the node has seen, at once: it needs neither the store nor another node. A node that
 * restarts with empty memory takes over its total from the store, which holds all that was acknowledged, by writing its
 * incarnation there, and answers after its first round: its reads do not go back.
 */
import { Effect, Option, Schedule, Schema } from "effect"
import { Counter } from "../../protocol/Counter.ts"
import { NodeId } from "../../protocol/NodeId.ts"
import * as Backoff from "../../services/Backoff.ts"
import * as GroupCommit from "../../services/GroupCommit.ts"
import * as Incarnation from "../../services/Incarnation.ts"
import { SeqKv } from "../../services/Kv.ts"
import { Node } from "../../services/Node.ts"
import * as Policy from "../../services/Policy.ts"
import { Timers } from "../../services/Timers.ts"
import type { NodeLayer } from "../../services/NodeProgram.ts"
import * as Delta from "./Delta.ts"
import * as SingleWriter from "./SingleWriter.ts"

/** The node, for a counter that may or may not be lowered. */
export const layer = (kind: Delta.Kind): NodeLayer =>
  Counter.toLayer(
    Effect.gen(function* () {
      const node = yield* Node
      const timers = yield* Timers
      const kv = yield* SeqKv
      const totals = kv.collection({ key: NodeId, value: SingleWriter.Written(Schema.Int) })

      const incarnation = yield* Incarnation.make
      let own = yield* Policy.retryForever(
        SingleWriter.takeOver(totals, node.id, { total: 0, version: 1, incarnation }, (left) => left)
      )

      const others = new Map<NodeId, SingleWriter.Written<number>>()
      /** With the additions that are not written yet. */
      let newTotal = own.total
      /** Writes the total; also without additions, since a write makes what is read next fresh. */
      const writes = yield* GroupCommit.makeOnDemand(
        Effect.fnUntraced(function* (additions: ReadonlyArray<number>) {
          const next = { total: newTotal, version: own.version + 1, incarnation }
          yield* Policy.retryForever(SingleWriter.replace(totals, node.id, own, next))
          own = next
          return additions
        })
      )

      let versionOfLastRound = 0
      const round = Effect.gen(function* () {
        if (own.version === versionOfLastRound) {
          yield* writes.commit
        }
        versionOfLastRound = own.version
        const news = yield* Effect.forEach(
          node.peers,
          Effect.fnUntraced(function* (peer) {
            const read = yield* Policy.retryForever(totals.readOption(peer))
            if (Option.isNone(read) || read.value.version <= (others.get(peer)?.version ?? 0)) {
              return false
            }
            others.set(peer, read.value)
            return read.value.total !== 0
          }),
          { concurrency: "unbounded" }
        )
        return news.includes(true)
      })
      yield* round
      yield* timers.recur("read the others' totals", Schedule.jittered(whileNothingChanges), round)
      yield* timers.recur(
        "write additions",
        Schedule.spaced(window),
        Effect.suspend(() => (writes.isWaiting() ? writes.commit : Effect.void))
      )

      return {
        add: Effect.fnUntraced(function* ({ delta }) {
          yield* Delta.add(kind, newTotal, delta)
          newTotal += delta
          yield* writes.submit(delta)
          return {}
        }),
        read: () =>
          Effect.map(Delta.sum([own.total, ...Array.from(others.values(), ({ total }) => total)]), (value) => ({
            value
          }))
      }
    })
  )

/** How long additions gather to be written together: what saves messages, and what an addition waits at most. */
const window = "25 millis"

/**
 * A second and a half between two rounds while totals change, and somewhat more, two seconds with jitter, while not.
 */
const whileNothingChanges = Backoff.whileUnchanged("1500 millis", "1650 millis")
