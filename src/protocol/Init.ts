/**
 * `init`, the first message to every node: who it is and who else there is.
 *
 * From Maelstrom's `doc/protocol.md`, "Initialization".
 */
import { Schema } from "effect"
import { NodeId } from "./NodeId.ts"
import * as Rpc from "./Rpc.ts"

const init = Rpc.make("init", { request: { node_id: NodeId, node_ids: Schema.NonEmptyArray(NodeId) } })

/** Names the node (`node_id`) and the whole cluster (`node_ids`: the same list, in the same order, at every node). */
export const Init = {
  ...init,
  request: init.request.check(
    Schema.makeFilter(({ node_id, node_ids }) => node_ids.includes(node_id) || "Expected node_ids to contain node_id")
  )
}
