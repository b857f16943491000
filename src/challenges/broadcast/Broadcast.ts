/**
 * Broadcast over the replication service: the values of every node, brought to every node.
 */
import { Effect, Ref, Schema } from "effect"
import { Broadcast } from "../../protocol/Broadcast.ts"
import { Node } from "../../services/Node.ts"
import type { Flush } from "../../replication/Flush.ts"
import * as Replication from "../../replication/Replication.ts"
import { neighbours, type Topology } from "../../replication/Topology.ts"
import type { NodeLayer } from "../../services/NodeProgram.ts"
import { handlers } from "./knownValues.ts"
import * as ValueSet from "./ValueSet.ts"

/** What distinguishes one broadcast strategy from another. */
export interface Options {
  /** Whom a value is sent to first. `"given"`: the neighbours that Maelstrom's `topology` message names. */
  readonly topology: Topology | "given"
  /** When it is sent. */
  readonly flush: Flush
}

/**
 * A value is acknowledged, and told to readers, once it is as safe as `Durability` says. With `memory`, once the node
 * that was told holds it: it is not lost unless that node is, before it has told another. A node that restarts gets
 * from the others what they know.
 */
export const layer = ({ flush, topology }: Options): NodeLayer =>
  Broadcast.toLayer(
    Effect.gen(function* () {
      const node = yield* Node
      const known = ValueSet.make()
      const given = yield* Ref.make<ReadonlyArray<typeof node.id>>([])
      const replication = yield* Replication.make({
        name: "broadcast",
        item: Schema.Json,
        topology: topology === "given" ? neighbours(() => Ref.getUnsafe(given)) : topology,
        flush,
        deliver: known.add,
        snapshots: {
          element: Schema.Json,
          take: () => known.values,
          merge: (values) => values.forEach(known.add)
        }
      })

      return {
        topology: ({ topology }) => Effect.as(Ref.set(given, topology[node.id] ?? []), {}),
        ...handlers(known, replication)
      }
    })
  )
