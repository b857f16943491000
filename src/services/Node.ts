/**
 * Identity and RPC client of a node, as its challenge sees it: who it is, who else there is, and how to talk to them.
 */
import { Context, Effect, Layer, Result, Schema } from "effect"
import type { Init } from "../protocol/Init.ts"
import { explain } from "../protocol/Malformed.ts"
import type { NodeId } from "../protocol/NodeId.ts"
import type { AnyOneWay, Payload, Receiver } from "../protocol/OneWay.ts"
import type { AnyRpc, Reply, Request } from "../protocol/Rpc.ts"
import { Crash, type RpcError } from "../protocol/RpcError.ts"
import type { Handler } from "../protocol/RpcServer.ts"
import type { Handlers } from "./Handlers.ts"
import type { PendingCalls } from "./PendingCalls.ts"
import * as Tracing from "./Tracing.ts"
import type { Transport } from "./Transport.ts"

/**
 * The node that runs here. Every strategy that is more than one node's own state starts from it. What clients ask is
 * answered by a group's `toLayer`; what nodes ask each other, by `handle`.
 *
 * ```ts
 * const Total = Rpc.make("total", { reply: { total: Schema.Int } })
 *
 * const node = yield* Node
 * yield* node.handle(Total, () => Effect.sync(() => ({ total: own })))
 * const totals = yield* Effect.forEach(node.peers, (peer) => node.call(Total, peer, {}))
 * ```
 */
export class Node extends Context.Service<
  Node,
  {
    /** This node's name. */
    readonly id: NodeId

    /**
     * Every node of the cluster, this one included, sorted: the same at every node, whatever the order in which each
     * was given them. `n10` comes after `n9`.
     */
    readonly nodeIds: ReadonlyArray<NodeId>

    /** Every node of the cluster but this one. */
    readonly peers: ReadonlyArray<NodeId>

    /** Sends a one-way message (a cast): nobody answers it, and whether it arrives nobody tells. */
    send<M extends AnyOneWay>(oneWay: M, dest: NodeId, payload: Payload<M>): Effect.Effect<void>

    /**
     * Hands one-way messages of a type to `receiver` from now on, each in a fiber of its own. None is answered: one
     * that does not fit its schema, and a receiver that dies, are logged. Dies where the type is handled already.
     */
    receive<M extends AnyOneWay, Env = never>(oneWay: M, receiver: Receiver<M, Env>): Effect.Effect<void, never, Env>

    /**
     * Sends an RPC's request to a node or a service and waits for the reply. Fails with the error that it answers, with
     * `Timeout` when it does not answer within `Policy.RpcTimeout`, and with `Crash` when what it answers is not the
     * RPC's reply.
     */
    call<R extends AnyRpc>(rpc: R, dest: NodeId, request: Request<R>): Effect.Effect<Reply<R>, RpcError>

    /**
     * Answers an RPC from now on: one that nodes have among themselves, besides those that a group's `toLayer` answers.
     * Dies where somebody answers it already.
     */
    handle<R extends AnyRpc, Env = never>(rpc: R, handler: Handler<R, Env>): Effect.Effect<void, never, Env>
  }
>()("glomers/services/Node") {
  /**
   * A layer that answers one RPC: for a call that belongs to no group. The handler gets the decoded request; its
   * failure becomes an error reply, its defect a reply of code 13. Every request is handled in a fiber of its own.
   *
   * ```ts
   * const layer = Node.serve(Ping, () => Effect.succeed({}))
   * ```
   */
  static serve<R extends AnyRpc, Env = never>(rpc: R, handler: Handler<R, Env>): Layer.Layer<never, never, Node | Env> {
    return Layer.effectDiscard(Node.use((node) => node.handle(rpc, handler)))
  }
}

/** The node that `init` named, talking over `transport`. */
export const make = (
  { node_id, node_ids }: Request<typeof Init>,
  {
    calls,
    handlers,
    transport
  }: {
    readonly calls: PendingCalls
    readonly handlers: Handlers
    readonly transport: Transport["Service"]
  }
): Node["Service"] =>
  Node.of({
    id: node_id,
    nodeIds: sorted(node_ids),
    peers: sorted(node_ids).filter((id) => id !== node_id),

    send: (oneWay, dest, payload) =>
      transport.send({ src: node_id, dest, body: { ...encode(oneWay.payload, payload), type: oneWay.type } }),

    receive: handlers.receive,

    call: Effect.fnUntraced(function* <R extends AnyRpc>(rpc: R, dest: NodeId, request: Request<R>) {
      const payload = encode(rpc.request, request)
      const body = yield* calls.call(`${rpc.type} from ${dest}`, (msg_id) =>
        transport.send({ src: node_id, dest, body: { ...payload, type: rpc.type, msg_id } })
      )
      if (body.type !== rpc.replyType) {
        return yield* new Crash({ text: `expected ${rpc.replyType} from ${dest}, got ${body.type}` })
      }
      const reply = Schema.decodeUnknownResult(rpc.reply)(body)
      return Result.isSuccess(reply)
        ? (reply.success as Reply<R>)
        : yield* new Crash({ text: `malformed ${body.type} from ${dest}: ${explain(reply.failure)}` })
    }, spanOfCall(node_id)),

    handle: handlers.handle
  })

const sorted = (ids: ReadonlyArray<NodeId>): ReadonlyArray<NodeId> =>
  ids.toSorted((a, b) => a.length - b.length || (a < b ? -1 : 1))

const spanOfCall =
  (node: NodeId) =>
  <A, E, R>(effect: Effect.Effect<A, E, R>, { type }: AnyRpc, to: NodeId): Effect.Effect<A, E, R> =>
    Tracing.withSpan(`call ${type}`, () => ({ attributes: { node, to }, kind: "client" }))(effect)

/** What does not fit its own schema is a bug of the caller, hence a defect. */
const encode = (schema: Schema.Codec<unknown, unknown>, payload: unknown) =>
  Schema.encodeUnknownSync(schema)(payload) as { readonly [key: string]: Schema.Json }
