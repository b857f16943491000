/**
 * Who answers which request, and how an answer becomes a reply.
 */
import { Cause, Effect, FiberSet, Option, Result, Schema, type Scope } from "effect"
import { explain } from "../protocol/Malformed.ts"
import type { Body, Message } from "../protocol/Message.ts"
import type { AnyRpc, Reply, Request } from "../protocol/Rpc.ts"
import { Crash, MalformedRequest, NotSupported, type RpcError, toBody } from "../protocol/RpcError.ts"
import type { Transport } from "./Transport.ts"

/**
 * Answers the requests of one RPC. The message that the request came in tells who sent it. Succeeds with the reply, or
 * fails with the error to answer instead.
 */
export type Handler<R extends AnyRpc, Env = never> = (
  request: Request<R>,
  message: Message
) => Effect.Effect<Reply<R>, RpcError, Env>

/** The handlers of a node, and the requests that are in their hands. */
export interface Handlers {
  /** Hands the RPC's requests to `handler` from now on, with the services that it needs taken from here. */
  add<R extends AnyRpc, Env>(rpc: R, handler: Handler<R, Env>): Effect.Effect<void, never, Env>

  /** Starts work on a request in a fiber of its own. A type that nobody handles is answered with `NotSupported`. */
  dispatch(message: Message): Effect.Effect<void>

  /** Completes once no request is being worked on. */
  readonly awaitIdle: Effect.Effect<void>

  /** Interrupts the work on all requests. Each is answered with `Crash`, so that no caller is left without an answer. */
  readonly interruptAll: Effect.Effect<void>
}

/** Starts with no handlers. Closing the scope interrupts all work. */
export const make = Effect.fnUntraced(function* (
  transport: Transport["Service"]
): Effect.fn.Return<Handlers, never, Scope.Scope> {
  const requests = yield* FiberSet.make<void>()
  const start = yield* FiberSet.runtime(requests)()
  const byType = new Map<string, (message: Message) => Effect.Effect<void>>()

  return {
    add: Effect.fnUntraced(function* <R extends AnyRpc, Env>(rpc: R, handler: Handler<R, Env>) {
      const services = yield* Effect.context<Env>()
      const decode = Schema.decodeUnknownResult(rpc.request)
      const encode = Schema.encodeUnknownResult(rpc.reply)

      const answer = (request: unknown, message: Message) =>
        Effect.uninterruptibleMask((restore) =>
          restore(handler(request as Request<R>, message)).pipe(
            Effect.matchCauseEffectEager({
              onSuccess: (value) =>
                Result.match(encode(value), {
                  onSuccess: (payload) => reply(transport, message, { ...(payload as object), type: rpc.replyType }),
                  onFailure: (error) => crash(transport, message, Cause.die(error))
                }),
              onFailure: (cause) =>
                Option.match(Cause.findErrorOption(cause), {
                  onSome: (error) => refuse(transport, message, error),
                  onNone: () => crash(transport, message, cause)
                })
            }),
            Effect.provideContext(services)
          )
        )

      byType.set(rpc.type, (message) =>
        Result.match(decode(message.body), {
          onSuccess: (request) => answer(request, message),
          onFailure: (error) => refuse(transport, message, new MalformedRequest({ text: explain(error) }))
        })
      )
    }),

    dispatch: (message) => {
      const handle = byType.get(message.body.type)
      if (handle === undefined) {
        return refuse(transport, message, new NotSupported({ text: `no handler for ${message.body.type}` }))
      }
      return Effect.sync(() => void start(handle(message)))
    },

    awaitIdle: FiberSet.awaitEmpty(requests),

    interruptAll: FiberSet.clear(requests)
  }
})

/** Sends a body back to where a request came from. A request without an id asks for no reply. */
export const reply = (transport: Transport["Service"], request: Message, body: Body): Effect.Effect<void> =>
  request.body.msg_id === undefined
    ? Effect.void
    : transport.send({
        src: request.dest,
        dest: request.src,
        body: { ...body, in_reply_to: request.body.msg_id }
      })

/** Answers a request with an error. Where no reply is asked for, the error is logged, so that it is not lost. */
export const refuse = (transport: Transport["Service"], request: Message, error: RpcError): Effect.Effect<void> =>
  request.body.msg_id === undefined
    ? Effect.logWarning(`Refused a message from ${request.src}`, error.text, request.body)
    : reply(transport, request, toBody(error))

const crash = (transport: Transport["Service"], request: Message, cause: Cause.Cause<unknown>) =>
  Cause.hasInterruptsOnly(cause)
    ? refuse(transport, request, new Crash({ text: "the node stopped while it worked on this" }))
    : Effect.logError(`The handler of ${request.body.type} died`, cause).pipe(
        Effect.andThen(refuse(transport, request, new Crash({ text: Cause.pretty(cause).split("\n")[0]! })))
      )
