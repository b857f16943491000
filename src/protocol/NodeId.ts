/**
 * Addresses: the name by which a node, a client or a service is addressed: `n0`, `c12`, `lin-kv`.
 */
import { Schema } from "effect"

/** A non-empty address on the network. */
export const NodeId = Schema.NonEmptyString.pipe(Schema.brand("NodeId"))
export type NodeId = typeof NodeId.Type
