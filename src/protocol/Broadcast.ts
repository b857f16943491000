/**
 * Messages of the `broadcast` workload: what is told to one node is read at every node.
 */
import { Schema } from "effect"
import { NodeId } from "./NodeId.ts"
import * as Rpc from "./Rpc.ts"
import * as Rpcs from "./Rpcs.ts"

/** Tells every node the neighbours it may talk to. Sent once, after `init`. */
export const Topology = Rpc.make("topology", {
  request: { topology: Schema.Record(NodeId, Schema.Array(NodeId)) }
})

/** Tells one value, to be known everywhere. The workload sends integers; any JSON is legal. `Broadcast.broadcast`. */
const broadcast = Rpc.make("broadcast", { request: { message: Schema.Json } })

/** Asks for all values that this node knows, in any order. */
export const Read = Rpc.make("read", { reply: { messages: Schema.Array(Schema.Json) } })

/** The calls of the workload. */
export const Broadcast = Rpcs.make(Topology, broadcast, Read)
