/**
 * A counter on a sequentially consistent store, `seq-kv`, in which every node writes its own total to a key of its own.
 *
 * `seq-kv` is sequentially consistent: there is one order of all operations, in which every node's own come in the
 * order in which it sent them, but what a node reads may be as of any moment since its own last write. A node that only
 * reads may be shown the same old state for ever. What makes the counter right nevertheless:
 *
 * 1. A total is written by one node only, one write after another, so that no addition is lost to a race. An addition
 *   is acknowledged when the write that contains it is. A write that goes unanswered is sent again: it says the same.
 * 2. A write that changes the store takes place on its newest state, and what the same node reads after it is no older.
 *    Each round of reading the others' totals begins with such a write, if only of a higher version of the same total:
 *    what was acknowledged anywhere before that write is seen.
 * 3. Rounds never end and are at most two seconds apart, so that soon after the last addition every node has the sum of
 *    all.
 *
 * A read is answered from what the node has seen, at once: it needs neither the store nor another node. A node that
 * restarts with empty memory finds its total in the store, which holds all that was acknowledged.
 */
import { Effect, Option, Random, Schedule, Schema } from "effect"
import { Counter } from "../../protocol/Counter.ts"
import { NodeId } from "../../protocol/NodeId.ts"
import * as Backoff from "../../services/Backoff.ts"
import * as GroupCommit from "../../services/GroupCommit.ts"
import { SeqKv } from "../../services/Kv.ts"
import { Node } from "../../services/Node.ts"
import * as Policy from "../../services/Policy.ts"
import { Timers } from "../../services/Timers.ts"
import type { NodeLayer } from "../../services/NodeProgram.ts"
import * as Delta from "./Delta.ts"

/** The node, for a counter that may or may not be lowered. */
export const layer = (kind: Delta.Kind): NodeLayer =>
  Counter.toLayer(
    Effect.gen(function* () {
      const node = yield* Node
      const timers = yield* Timers
      const kv = yield* SeqKv
      const totals = kv.collection({ key: NodeId, value: Total })

      // A write makes what is read next fresh, so that it finds the total of an earlier incarnation.
      const starts = kv.collection({ key: Schema.String, value: Schema.Finite })
      yield* Policy.retryForever(starts.write(`${node.id} was born`, yield* Random.next))
      let own = Option.getOrElse(yield* Policy.retryForever(totals.readOption(node.id)), () => zero)

      const others = new Map<NodeId, Total>()
      /** With the additions that are not written yet. */
      let newTotal = own.total
      /** Writes the total; also without additions, since a write makes what is read next fresh. */
      const writes = yield* GroupCommit.makeOnDemand(
        Effect.fnUntraced(function* (additions: ReadonlyArray<number>) {
          const next = { total: newTotal, version: own.version + 1 }
          yield* Policy.retryForever(totals.write(node.id, next))
          own = next
          return additions
        })
      )
      yield* timers.recur(
        "write additions",
        Schedule.spaced(window),
        Effect.suspend(() => (writes.isWaiting() ? writes.commit : Effect.void))
      )

      let versionOfLastRound = own.version
      const round = Effect.gen(function* () {
        if (own.version === versionOfLastRound) {
          yield* writes.commit
        }
        versionOfLastRound = own.version
        const news = yield* Effect.forEach(
          node.peers,
          Effect.fnUntraced(function* (peer) {
            const read = Option.getOrElse(yield* totals.readOption(peer), () => zero)
            const isNew = read.version > (others.get(peer)?.version ?? 0)
            if (isNew) {
              others.set(peer, read)
            }
            return isNew && read.total !== 0
          }),
          { concurrency: "unbounded" }
        )
        return news.includes(true)
      })
      yield* timers.recur("read the others' totals", Schedule.jittered(whileNothingChanges), round)

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

/** A node's total, and how often it was written: of two, the one of the higher version is newer. */
const Total = Schema.Struct({ total: Schema.Int, version: Schema.Int })
type Total = typeof Total.Type

const zero: Total = { total: 0, version: 0 }

/** How long additions gather to be written together: what saves messages, and what an addition waits at most. */
const window = "25 millis"

/**
 * A second and a half between two rounds while totals change, and somewhat more, two seconds with jitter, while not.
 */
const whileNothingChanges = Backoff.whileUnchanged("1500 millis", "1650 millis")
