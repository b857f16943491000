/**
 * Dispatches requests to their handlers, and turns what these end with into replies.
 */
import { Cause, Effect, Exit, FiberSet, Option, Schema, type Scope } from "effect"
import { explain } from "../protocol/Malformed.ts"
import type { Message } from "../protocol/Message.ts"
import type { AnyRpc, Request } from "../protocol/Rpc.ts"
import { Crash, MalformedRequest, NotSupported, type RpcError, toBody } from "../protocol/RpcError.ts"
import type { Handler, RpcServer } from "../protocol/RpcServer.ts"
import * as Tracing from "./Tracing.ts"
import type { Transport } from "./Transport.ts"

/** The handlers of a node, and the requests that are in their hands. */
export interface Handlers {
  /** Registers a handler: the implementation of {@link RpcServer}. */
  readonly handle: RpcServer["Service"]["handle"]

  /** Starts work on a request in a fiber of its own. A type that nobody handles is answered with `NotSupported`. */
  dispatch(message: Message): Effect.Effect<void>

  /** Completes once no request is being worked on. */
  readonly awaitIdle: Effect.Effect<void>

  /**
   * Interrupts the work on all requests. Each is answered with `Crash`, so that no caller is left without an answer.
   */
  readonly interruptAll: Effect.Effect<void>
}

/** Starts with no handlers. Closing the scope interrupts all work. */
export const make = Effect.fnUntraced(function* (
  transport: Transport["Service"]
): Effect.fn.Return<Handlers, never, Scope.Scope> {
  const requests = yield* FiberSet.make<void>()
  const byType = new Map<string, (message: Message) => void>()

  return {
    handle: Effect.fnUntraced(function* <R extends AnyRpc, Env>(rpc: R, handler: Handler<R, Env>) {
      if (byType.has(rpc.type)) {
        return yield* Effect.die(new Error(`a second handler for ${rpc.type}`))
      }
      const decode = Schema.decodeUnknownExit(rpc.request)
      const encode = Schema.encodeUnknownExit(rpc.reply)
      const fork = Effect.runForkWith(yield* Effect.context<Env>())
      const handle = (yield* Tracing.isOn) ? withSpan(rpc, handler) : handler

      const answer = (message: Message): Effect.Effect<void, never, Env> => {
        const request = decode(message.body)
        if (Exit.isFailure(request)) {
          return refuse(transport, message, new MalformedRequest({ text: explain(Cause.squash(request.cause)) }))
        }
        const work = Effect.suspend(() => handle(request.value as Request<R>, message))
        return Effect.matchCauseEffect(Effect.interruptible(work), {
          onSuccess: (value) => {
            const payload = encode(value)
            return Exit.isSuccess(payload)
              ? reply(transport, message, rpc.replyType, payload.value as Payload)
              : crash(transport, message, payload.cause)
          },
          onFailure: (cause) => {
            const error = Cause.findErrorOption(cause)
            return Option.isSome(error) ? refuse(transport, message, error.value) : crash(transport, message, cause)
          }
        })
      }

      // The answer itself cannot be interrupted, so that whatever happens to the work, there is one.
      byType.set(rpc.type, (message) => {
        const fiber = fork(answer(message), { uninterruptible: true })
        // Most are done by now, and keeping track of those costs more than their work.
        if (fiber.pollUnsafe() === undefined) {
          FiberSet.addUnsafe(requests, fiber)
        }
      })
    }),

    dispatch: (message) => {
      const start = byType.get(message.body.type)
      return start === undefined
        ? refuse(transport, message, new NotSupported({ text: `no handler for ${message.body.type}` }))
        : Effect.sync(() => start(message))
    },

    awaitIdle: FiberSet.awaitEmpty(requests),

    interruptAll: FiberSet.clear(requests)
  }
})

/** The handler with a span around its work on each request. */
const withSpan =
  <R extends AnyRpc, Env>({ type }: R, handler: Handler<R, Env>): Handler<R, Env> =>
  (request, message) => {
    const { body, dest, src } = message
    return Tracing.withSpan(`handle ${type}`, () => ({
      attributes: { node: dest, from: src, msg_id: body.msg_id },
      kind: "server",
      root: true
    }))(Effect.suspend(() => handler(request, message)))
  }

type Payload = { readonly [key: string]: Schema.Json }

/** Sends a payload back to where a request came from. A request without an id asks for no reply. */
export const reply = (
  transport: Transport["Service"],
  request: Message,
  type: string,
  payload: Payload
): Effect.Effect<void> =>
  request.body.msg_id === undefined
    ? Effect.void
    : transport.send({
        src: request.dest,
        dest: request.src,
        body: { ...payload, type, in_reply_to: request.body.msg_id }
      })

/** Answers a request with an error. Where no reply is asked for, the error is logged, so that it is not lost. */
export const refuse = (transport: Transport["Service"], request: Message, error: RpcError): Effect.Effect<void> => {
  if (request.body.msg_id === undefined) {
    return Effect.logWarning("Refused a message", error.text, request.body).pipe(
      Effect.annotateLogs({ component: "Handlers", from: request.src })
    )
  }
  const { type, ...payload } = toBody(error)
  return reply(transport, request, type, payload)
}

const crash = (transport: Transport["Service"], request: Message, cause: Cause.Cause<unknown>) =>
  Cause.hasInterruptsOnly(cause)
    ? refuse(transport, request, new Crash({ text: "the node stopped while it worked on this" }))
    : Effect.logError("A handler died", cause).pipe(
        Effect.annotateLogs({ component: "Handlers", from: request.src, type: request.body.type }),
        Effect.andThen(refuse(transport, request, new Crash({ text: Cause.pretty(cause).split("\n")[0]! })))
      )
