/**
 * Broadcast for any number of nodes: a new value is sent to every peer at once and, since that may be lost, a node now
 * and then swaps all that it knows with a peer chosen at random.
 */
import { Effect, Layer, Random, Schedule, Schema, type Scope } from "effect"
import type { NodeLayer } from "../../../../src/services/NodeProgram.ts"
import * as ValueSet from "../../../../src/challenges/broadcast/ValueSet.ts"
import { Broadcast, Read, Topology } from "../../../../src/protocol/Broadcast.ts"
import * as OneWay from "../../../../src/protocol/OneWay.ts"
import * as Rpc from "../../../../src/protocol/Rpc.ts"
import type { RpcError } from "../../../../src/protocol/RpcError.ts"
import { Node } from "../../../../src/services/Node.ts"
import { Timers } from "../../../../src/services/Timers.ts"

/** What clients ask of a node. */
export interface Replica {
  broadcast(value: Schema.Json): Effect.Effect<void>
  readonly read: Effect.Effect<ReadonlyArray<Schema.Json>>
}

/** Runs one swap with a random peer again and again. */
type Repeat = (swap: Effect.Effect<void, RpcError>) => Effect.Effect<void, never, Timers | Scope.Scope>

/** A node that keeps what the protocol promises, unless `alter` or `repeat` see to something else. */
export const make = ({
  alter = (replica) => replica,
  repeat = (swap) =>
    Timers.use((timers) => timers.recur("swap", Schedule.jittered(Schedule.spaced("500 millis")), swap))
}: {
  readonly alter?: (replica: Replica, id: string) => Replica
  readonly repeat?: Repeat
} = {}): NodeLayer =>
  Layer.unwrap(
    Effect.gen(function* () {
      const node = yield* Node
      const known = ValueSet.make()

      const learn = (value: Schema.Json) => Effect.sync(() => void known.add(value))
      const replica = alter(
        {
          broadcast: (value) =>
            learn(value).pipe(
              Effect.andThen(Effect.forEach(node.peers, (peer) => node.send(News, peer, { value }), { discard: true }))
            ),
          read: Effect.sync(() => [...known.values])
        },
        node.id
      )
      const swap = Effect.gen(function* () {
        const peer = node.peers[yield* Random.nextIntBetween(0, node.peers.length, { halfOpen: true })]!
        const { values } = yield* node.call(Swap, peer, { values: known.values })
        yield* Effect.forEach(values, learn, { discard: true })
      })

      yield* node.receive(News, ({ value }) => learn(value))

      return Layer.mergeAll(
        Node.serve(Topology, () => Effect.succeed({})),
        Node.serve(Broadcast.broadcast, ({ message }) => Effect.as(replica.broadcast(message), {})),
        Node.serve(Read, () => Effect.map(replica.read, (messages) => ({ messages }))),
        Node.serve(Swap, ({ values }) =>
          Effect.forEach(values, learn, { discard: true }).pipe(Effect.map(() => ({ values: known.values })))
        ),
        node.peers.length === 0 ? Layer.empty : Layer.effectDiscard(repeat(swap))
      )
    })
  )

export const layer = make()

/** A value that the sender has just heard of. */
const News = OneWay.make("news", { value: Schema.Json })

/** All that the sender knows, for all that the receiver knows. */
const Swap = Rpc.make("swap", {
  request: { values: Schema.Array(Schema.Json) },
  reply: { values: Schema.Array(Schema.Json) }
})
