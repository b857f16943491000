/**
 * Where the handlers of RPCs are registered: the contract between what a node answers and what carries its messages.
 */
import { Context, type Effect } from "effect"
import type { Message } from "./Message.ts"
import type { AnyRpc, Reply, Request } from "./Rpc.ts"
import type { RpcError } from "./RpcError.ts"

/**
 * Answers the requests of one RPC. The message that the request came in tells who sent it. Succeeds with the reply, or
 * fails with the error to answer instead.
 */
export type Handler<R extends AnyRpc, Env = never> = (
  request: Request<R>,
  message: Message
) => Effect.Effect<Reply<R>, RpcError, Env>

/**
 * Registers handlers. A group's `toLayer` needs it, and nothing else needs to: it stands here and not beside its
 * implementation (`services/Handlers.ts`), so that a group of calls can turn its handlers into a layer without the
 * protocol knowing of nodes.
 */
export class RpcServer extends Context.Service<
  RpcServer,
  {
    /**
     * Hands the RPC's requests to `handler` from now on, with the services that it needs taken from here. Dies where
     * the RPC has a handler already: which of two would answer is never what somebody meant.
     */
    handle<R extends AnyRpc, Env = never>(rpc: R, handler: Handler<R, Env>): Effect.Effect<void, never, Env>
  }
>()("glomers/protocol/RpcServer") {}
