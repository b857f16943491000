/**
 * Dissemination of values as one rule: what a node does with those that its clients tell it. What the designs of other
 * authors in this folder have in common.
 */
import { Effect, Ref, Schema, type Scope } from "effect"
import { Broadcast } from "../../../protocol/Broadcast.ts"
import type { NodeId } from "../../../protocol/NodeId.ts"
import * as OneWay from "../../../protocol/OneWay.ts"
import { Node } from "../../../services/Node.ts"
import type { Timers } from "../../../services/Timers.ts"
import type { NodeLayer } from "../../../services/NodeProgram.ts"
import * as ValueSet from "../ValueSet.ts"

type Values = ReadonlyArray<Schema.Json>

/** What a node has to go by. */
export interface LocalState {
  /** All that it knows. It grows; what is sent has to be a copy. */
  readonly values: Values
  /** Takes what others told it, and gives what of that is new. */
  readonly learn: (values: Values) => Values
  /** The neighbours that Maelstrom's `topology` message named; none before it came. */
  readonly neighbours: Effect.Effect<ReadonlyArray<NodeId>>
}

/** Disseminates what a client has told this node and was new to it. The client's answer waits for it. */
export type Disseminate = (value: Schema.Json) => Effect.Effect<void>

/** A node that does for its clients what the workload asks, and among nodes what `start` sets up. */
export const layer = (
  start: (state: LocalState) => Effect.Effect<Disseminate, never, Node | Timers | Scope.Scope>
): NodeLayer =>
  Broadcast.toLayer(
    Effect.gen(function* () {
      const { id } = yield* Node
      const known = ValueSet.make()
      const given = yield* Ref.make<ReadonlyArray<NodeId>>([])
      const disseminate = yield* start({
        values: known.values,
        learn: (values) => values.filter(known.add),
        neighbours: Ref.get(given)
      })
      return {
        topology: ({ topology }) => Effect.as(Ref.set(given, topology[id] ?? []), {}),
        broadcast: ({ message }) => (known.add(message) ? Effect.as(disseminate(message), {}) : Effect.succeed({})),
        read: () => Effect.sync(() => ({ messages: known.values }))
      }
    })
  )

/** How one node tells another values where it asks for no acknowledgement. */
export const Tell = OneWay.make("tell", { values: Schema.Array(Schema.Json) })
