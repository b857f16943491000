/**
 * A counter in one key of `seq-kv`, raised by compare-and-set until it holds.
 *
 * A compare-and-set that changes the store takes place on its newest state, so that no addition is lost. One that goes
 * unanswered, or is refused, may have taken place all the same: a request that the network brought twice is refused the
 * second time. So the value also names the newest compare-and-set of each node, by which a node finds out before it
 * tries again; and since no value comes twice, one that is under way from before can no longer take place then.
 *
 * Additions gather while the last ones are on their way. They cost four messages if no other node comes in between, a
 * read four as well, and both need the store. To read, a node first writes something of its own, which makes what it
 * reads next no older than that write. What is lacking is availability: two round trips to the store may take longer
 * than a client waits where a hop takes a second, or many messages are lost.
 */
import { Effect, Option, Result, Schedule, Schema } from "effect"
import { Counter } from "../../protocol/Counter.ts"
import { NodeId } from "../../protocol/NodeId.ts"
import type { RpcError } from "../../protocol/RpcError.ts"
import * as GroupCommit from "../../services/GroupCommit.ts"
import * as IdGenerator from "../../services/IdGenerator.ts"
import { SeqKv } from "../../services/Kv.ts"
import { Node } from "../../services/Node.ts"
import type { NodeLayer } from "../../services/NodeProgram.ts"
import * as Policy from "../../services/Policy.ts"
import * as Delta from "./Delta.ts"

/** The node, for a counter that may or may not be lowered. */
export const layer = (kind: Delta.Kind): NodeLayer =>
  Counter.toLayer(
    Effect.gen(function* () {
      const node = yield* Node
      const kv = yield* SeqKv
      const totals = kv.collection({ key: Schema.String, value: Total })
      const reads = kv.collection({ key: Schema.String, value: Schema.String })
      const nextId = yield* IdGenerator.make

      const additions = yield* GroupCommit.make({
        run: Effect.fnUntraced(function* (deltas: ReadonlyArray<number>) {
          /** What became of each addition, if the compare-and-set of this name takes place. */
          const outcomes = new Map<string, ReadonlyArray<Outcome>>()
          const attempt = Effect.gen(function* () {
            const stored = yield* totals.readOption(key)
            const current = Option.getOrElse(stored, () => none)
            const known = outcomes.get(current.newest[node.id] ?? "")
            if (known !== undefined) {
              return known
            }
            const [total, outcome] = yield* sum(kind, current.total, deltas)
            const name = nextId()
            outcomes.set(name, outcome)
            const next = { total, newest: { ...current.newest, [node.id]: name } }
            yield* Option.isNone(stored) ? totals.createIfNotExists(key, next) : totals.cas(key, current, next)
            return outcome
          })
          return yield* Effect.provideService(Policy.retryForever(attempt), Policy.RetryForever, soon)
        })
      })

      return {
        add: ({ delta }) => additions.submit(delta).pipe(Effect.flatMap(Effect.fromResult), Effect.as({})),
        read: Effect.fnUntraced(function* () {
          yield* Policy.idempotent(reads.write(`newest read of ${node.id}`, nextId()))
          const stored = yield* totals.readOption(key)
          return { value: Option.getOrElse(stored, () => none).total }
        })
      }
    })
  )

/** The counter, and the name of the newest compare-and-set of each node that took place. */
const Total = Schema.Struct({ total: Schema.Int, newest: Schema.Record(NodeId, Schema.String) })

const none: typeof Total.Type = { total: 0, newest: {} }

const key = "counter"

/**
 * When to try again after a refusal: what was read may have been old, and brings a node closer to what is newest only
 * step by step, so that who waits long between two attempts starves.
 */
const soon = Schedule.min([Schedule.exponential("1 millis"), Schedule.spaced("100 millis")]).pipe(
  Schedule.jittered,
  Schedule.setInputType<RpcError>()
)

/** The total with an addition, or why that may not be. */
type Outcome = Result.Result<number, RpcError>

/** Adds up what may be added, in order. */
const sum = Effect.fnUntraced(function* (kind: Delta.Kind, from: number, deltas: ReadonlyArray<number>) {
  let total = from
  const outcomes: Array<Outcome> = []
  for (const delta of deltas) {
    const outcome = yield* Effect.result(Delta.add(kind, total, delta))
    total = Result.getOrElse(outcome, () => total)
    outcomes.push(outcome)
  }
  return [total, outcomes] as const
})
