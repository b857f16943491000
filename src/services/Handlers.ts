/**
 * Dispatches requests to their handlers, and turns what these end with into replies.
 */
import { Cause, Effect, Exit, type Fiber, FiberSet, Option, Schema, type Scope } from "effect"
import { explain } from "../protocol/Malformed.ts"
import type { Message } from "../protocol/Message.ts"
import type { AnyOneWay, Payload as PayloadOf, Receiver } from "../protocol/OneWay.ts"
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

  /**
   * Hands one-way messages of a type to `receiver` from now on, with the services that it needs taken from here. None
   * is answered: one that does not fit its schema, and a receiver that dies, are logged, and so is a sender that asks
   * for an answer. Dies where the type is handled already.
   */
  receive<M extends AnyOneWay, Env>(oneWay: M, receiver: Receiver<M, Env>): Effect.Effect<void, never, Env>

  /** Whether one-way messages of a type are handed to a receiver. */
  receives(type: string): boolean

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
  const received = new Set<string>()

  const dieIfHandled = (type: string) =>
    byType.has(type) ? Effect.die(new Error(`a second handler for ${type}`)) : Effect.void

  const track = (fiber: Fiber.Fiber<void>) => {
    // Most are done by now, and keeping track of those costs more than their work.
    if (fiber.pollUnsafe() === undefined) {
      FiberSet.addUnsafe(requests, fiber)
    }
  }

  return {
    handle: Effect.fnUntraced(function* <R extends AnyRpc, Env>(rpc: R, handler: Handler<R, Env>) {
      yield* dieIfHandled(rpc.type)
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
        track(fork(answer(message), { uninterruptible: true }))
      })
    }),

    dispatch: (message) => {
      const start = byType.get(message.body.type)
      return start === undefined
        ? refuse(transport, message, new NotSupported({ text: `no handler for ${message.body.type}` }))
        : Effect.sync(() => start(message))
    },

    receive: Effect.fnUntraced(function* <M extends AnyOneWay, Env>(oneWay: M, receiver: Receiver<M, Env>) {
      yield* dieIfHandled(oneWay.type)
      const decode = Schema.decodeUnknownExit(oneWay.payload)
      const fork = Effect.runForkWith(yield* Effect.context<Env>())

      const take = (message: Message): Effect.Effect<void, never, Env> => {
        const payload = decode(message.body)
        if (Exit.isFailure(payload)) {
          return logRefusal(message, explain(Cause.squash(payload.cause)))
        }
        const work = Effect.suspend(() => receiver(payload.value as PayloadOf<M>, message))
        return Effect.catchCause(Effect.interruptible(work), (cause) =>
          Cause.hasInterruptsOnly(cause) ? logRefusal(message, stopped) : logDeath(message, cause)
        )
      }

      received.add(oneWay.type)
      byType.set(oneWay.type, (message) => {
        const asksForReply = message.body.msg_id !== undefined
        track(
          fork(asksForReply ? Effect.andThen(logUnanswered(message), take(message)) : take(message), {
            uninterruptible: true
          })
        )
      })
    }),

    receives: (type) => received.has(type),

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
    return logRefusal(request, error.text)
  }
  const { type, ...payload } = toBody(error)
  return reply(transport, request, type, payload)
}

const logRefusal = (message: Message, reason: string) =>
  Effect.logWarning("Refused a message", reason, message.body).pipe(fromHandlers(message))

const logUnanswered = (message: Message) =>
  Effect.logWarning("No reply to a one-way message", message.body).pipe(fromHandlers(message))

const logDeath = (message: Message, cause: Cause.Cause<unknown>) =>
  Effect.logError("A handler died", cause).pipe(fromHandlers(message))

const fromHandlers = ({ body, dest, src }: Message) =>
  Effect.annotateLogs({ component: "Handlers", node: dest, from: src, type: body.type })

const stopped = "the node stopped while it worked on this"

const crash = (transport: Transport["Service"], request: Message, cause: Cause.Cause<unknown>) =>
  Cause.hasInterruptsOnly(cause)
    ? refuse(transport, request, new Crash({ text: stopped }))
    : logDeath(request, cause).pipe(
        Effect.andThen(refuse(transport, request, new Crash({ text: Cause.pretty(cause).split("\n")[0]! })))
      )
