/**
 * A counter that can be added to and subtracted from at every node: each node has a total of its own that it alone
 * changes, and tells its peers the newest totals that it knows of, each with the number of additions that are in it.
 *
 * A state-based counter CRDT (Shapiro et al., "A comprehensive study of convergent and commutative replicated data
 * types", 2011). The numbers of additions take the place of separate totals of increments and of decrements.
 */
import { Effect, Layer, Schedule, Schema } from "effect"
import type { NodeLayer } from "../../../../src/services/NodeProgram.ts"
import { Add, Read } from "../../../../src/protocol/Counter.ts"
import * as OneWay from "../../../../src/protocol/OneWay.ts"
import { Node } from "../../../../src/services/Node.ts"
import { Timers } from "../../../../src/services/Timers.ts"

/** The sum of a node's additions, and how many there are. */
export const Total = Schema.Struct({ sum: Schema.Int, additions: Schema.Int })
export type Total = typeof Total.Type

/** What clients ask of a node. */
export interface Replica {
  add(delta: number): Effect.Effect<void>
  readonly read: Effect.Effect<number>
}

/** A node that counts right, unless `alter` or `accept` see to something else. */
export const make = ({
  accept = (_owner, current, told) => newer(current, told),
  alter = (replica) => replica
}: {
  readonly alter?: (replica: Replica, id: string) => Replica
  /** What the node `id` takes for `owner`'s total after it was told one. */
  readonly accept?: (owner: string, current: Total, told: Total, id: string) => Total
} = {}): NodeLayer =>
  Layer.unwrap(
    Effect.gen(function* () {
      const node = yield* Node
      const timers = yield* Timers
      const totals = new Map<string, Total>()
      const totalOf = (owner: string) => totals.get(owner) ?? { sum: 0, additions: 0 }

      const replica = alter(
        {
          add: (delta) =>
            Effect.sync(() => {
              const { additions, sum } = totalOf(node.id)
              totals.set(node.id, { sum: sum + delta, additions: additions + 1 })
            }),
          read: Effect.sync(() => [...totals.values()].reduce((sum, total) => sum + total.sum, 0))
        },
        node.id
      )
      const tell = Effect.suspend(() =>
        Effect.forEach(node.peers, (peer) => node.send(Totals, peer, { totals: Object.fromEntries(totals) }), {
          discard: true
        })
      )
      yield* timers.recur("tell totals", Schedule.jittered(Schedule.spaced("200 millis")), tell)

      yield* node.receive(Totals, ({ totals: told }) =>
        Effect.sync(() => {
          for (const [owner, total] of Object.entries(told)) {
            totals.set(owner, accept(owner, totalOf(owner), total, node.id))
          }
        })
      )

      return Layer.mergeAll(
        Node.serve(Add, ({ delta }) => Effect.as(replica.add(delta), {})),
        Node.serve(Read, () => Effect.map(replica.read, (value) => ({ value })))
      )
    })
  )

export const layer = make()

/** The total with more additions in it. */
export const newer = (one: Total, other: Total): Total => (other.additions > one.additions ? other : one)

/** The newest total of each node that the sender knows of. */
const Totals = OneWay.make("totals", { totals: Schema.Record(Schema.String, Total) })
