/**
 * Acknowledged tree: along a tree of four branches, whatever Maelstrom's topology says, whoever hears a value for the
 * first time tells its parent and its children, each again and again until it acknowledges.
 *
 * After emilioziniades/gossip-gloomers, 3d. A value costs 2(n − 1) messages, half of them acknowledgements, and takes
 * up to five hops among 25 nodes. Nothing is lost, but as long as a node cannot be reached, its neighbours keep a fiber
 * for each value that it lacks, and the values of all behind it wait as well.
 */
import { Duration, Effect, Schedule, Schema } from "effect"
import * as Rpc from "../../../protocol/Rpc.ts"
import { Node } from "../../../services/Node.ts"
import * as Policy from "../../../services/Policy.ts"
import * as Topology from "../../../replication/Topology.ts"
import * as Dissemination from "./Dissemination.ts"

/** The node: every edge of the tree is retried until it is acknowledged. */
export const layer = Dissemination.layer(({ learn }) =>
  Effect.map(
    relay(learn),
    (pass): Dissemination.Disseminate =>
      (value) =>
        pass([value])
  )
)

/**
 * Relays values along the tree from now on. What it gives sends a node's own; that does not wait for acknowledgements.
 */
export const relay = Effect.fnUntraced(function* (learn: Dissemination.LocalState["learn"]) {
  const node = yield* Node
  const scope = yield* Effect.scope
  const { targets } = Topology.tree(4)({ self: node.id, nodeIds: node.nodeIds, isSuspected: () => false })

  const tell = (id: (typeof targets)[number], values: ReadonlyArray<Schema.Json>) =>
    node
      .call(AcknowledgedTell, id, { values })
      .pipe(
        Effect.provideService(Policy.RpcTimeout, patience),
        Effect.retry(again),
        Effect.ignore,
        Effect.forkIn(scope)
      )
  const pass = Effect.fnUntraced(function* (values: ReadonlyArray<Schema.Json>, from?: string) {
    if (values.length === 0) {
      return
    }
    for (const id of targets) {
      if (id !== from) {
        yield* tell(id, values)
      }
    }
  })
  yield* node.handle(AcknowledgedTell, ({ values }, { src }) => Effect.as(pass(learn(values), src), {}))
  return pass
})

/** How long an acknowledgement may take. */
const patience = Duration.seconds(1)

/** On top of {@link patience}. */
const again = Schedule.min([Schedule.exponential("100 millis"), Schedule.spaced("1 second")]).pipe(Schedule.jittered)

/** How one node tells another values until that acknowledges them, with the empty reply. */
const AcknowledgedTell = Rpc.make("tell", { request: { values: Schema.Array(Schema.Json) } })
