/**
 * A client's connection to a node: one call at a time, each with its reply, its error, or none at all.
 *
 * After `maelstrom.client`.
 */
import type { Effect } from "effect"
import { Schema } from "effect"
import type { NodeId } from "../../protocol/NodeId.ts"
import type { AnyRpc, Reply, Request } from "../../protocol/Rpc.ts"
import type { RpcError } from "../../protocol/RpcError.ts"

/**
 * A reply that is not what the RPC says it is; `text` says what is wrong with which field. Maelstrom's clients end with
 * an exception here, and so the outcome is unknown.
 */
export class MalformedReply extends Schema.TaggedError<MalformedReply>()("MalformedReply", { text: Schema.String }) {}

/** A detail of a `Timeout` that is a node's answer, an error of code 0, and not the client's own. */
export const answered = "answered"

/** What a call of a client fails with. */
export type CallError = RpcError | MalformedReply

/** A client on the network, tied to one node: what a workload makes its requests with. */
export interface Connection {
  /** The client's name on the network: `c1`, `c2`, … */
  readonly id: NodeId

  /** The node that this client talks to. */
  readonly node: NodeId

  /**
   * Calls the client's node and waits for the reply, 5 s at most: then it fails with `Timeout`. Replies must have the
   * RPC's keys and no others, as Maelstrom demands: see `Replies.ts` for the calls with what Maelstrom accepts.
   */
  call<R extends AnyRpc>(rpc: R, request: Request<R>): Effect.Effect<Reply<R>, CallError>
}
