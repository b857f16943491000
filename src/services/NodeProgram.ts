/**
 * Runs a node: waits for `init`, builds its behaviour, serves until its input ends, and leaves no request unanswered
 * behind.
 */
import { Cause, Deferred, Effect, Fiber, Layer, Option, Random, Result, Schema } from "effect"
import { Init } from "../protocol/Init.ts"
import { explain } from "../protocol/Malformed.ts"
import type { Message } from "../protocol/Message.ts"
import type { Request } from "../protocol/Rpc.ts"
import { Crash, MalformedRequest, PreconditionFailed, RpcError, TemporarilyUnavailable } from "../protocol/RpcError.ts"
import { RpcServer } from "../protocol/RpcServer.ts"
import * as Handlers from "./Handlers.ts"
import { LinKv, LwwKv, SeqKv } from "./Kv.ts"
import { LinTso } from "./LinTso.ts"
import * as Node from "./Node.ts"
import * as PendingCalls from "./PendingCalls.ts"
import * as Policy from "./Policy.ts"
import { Storage, StorageOfNode } from "./Storage.ts"
import type { StorageError } from "./storage/StorageError.ts"
import { Timers } from "./Timers.ts"
import { Transport } from "./Transport.ts"

/** What a node's behaviour may build on. */
export type Services = RpcServer | Node.Node | LinKv | SeqKv | LwwKv | LinTso | Timers | Storage

/** A node's behaviour: a layer that registers handlers and timers, over the services that every node has. */
export type NodeLayer<E = RpcError | StorageError> = Layer.Layer<never, E, Services>

/**
 * Runs a node of this behaviour, which is built once `init` has said who the node is. `init_ok` is
 * sent when it stands; requests that arrive earlier wait for it; replies to its own calls do not,
 * nor do one-way messages once there is a receiver, so that nodes which start at the same time can tell each other
 * what a behaviour waits for.
 *
 * Ends when the transport has no more messages, or with the behaviour's error, or that of its storage, if it cannot be
 * built. Requests that are still being worked on then have `Policy.ShutdownGrace` to finish; what is left is
 * interrupted and answered with `Crash`. The same happens when the program is interrupted.
 *
 * Before `init`, requests are refused with `TemporarilyUnavailable`; a second `init` with `PreconditionFailed`. A
 * message for another node, or a reply that nobody waits for, is logged and dropped.
 *
 * What the behaviour logs is annotated with the `node`, and what is logged of a message with the node that it is for.
 */
export const run = Effect.fnUntraced(function* <E>(behaviour: NodeLayer<E>) {
  const transport = yield* Transport
  const grace = yield* Policy.ShutdownGrace
  const storageOf = yield* StorageOfNode
  const handlers = yield* Handlers.make(transport)
  // A reply to what this node asked before it crashed may still come, and is to find nobody who waits for it.
  const calls = PendingCalls.make(yield* Random.nextIntBetween(1, 2 ** 24))
  const failed = yield* Deferred.make<never, E | StorageError>()
  const scope = yield* Effect.scope

  let phase: Phase = { _tag: "Uninitialised" }
  let starting: Fiber.Fiber<unknown> | undefined

  const start = (init: Message, identity: Request<typeof Init>) => {
    const waiting: Array<Message> = []
    const node = Node.make(identity, { calls, handlers, transport })
    const build = Layer.buildWithScope(
      Layer.provide(behaviour, layerServices(node, handlers, storageOf(node.id))),
      scope
    ).pipe(
      // Handlers and timers keep this too.
      Effect.annotateLogs({ node: node.id })
    )

    phase = { _tag: "Starting", identity, waiting }
    return Effect.uninterruptibleMask((restore) =>
      Effect.matchCauseEffect(restore(build), {
        onSuccess: () => {
          phase = { _tag: "Serving", identity }
          return Effect.andThen(
            Handlers.reply(transport, init, Init.replyType, {}),
            Effect.forEach(waiting, handlers.dispatch, { discard: true })
          )
        },
        onFailure: (cause) => {
          phase = { _tag: "Uninitialised" }
          const error = failureOf(cause)
          return Effect.forEach([init, ...waiting], (request) => Handlers.refuse(transport, request, error), {
            discard: true
          }).pipe(Effect.andThen(Deferred.failCause(failed, cause)))
        }
      })
    )
  }

  const onInit = (message: Message) =>
    phase._tag === "Uninitialised"
      ? Result.match(decodeInit(message.body), {
          onSuccess: (identity) =>
            Effect.map(Effect.forkIn(start(message, identity), scope, { startImmediately: true }), (fiber) => {
              starting = fiber
            }),
          onFailure: (error) => Handlers.refuse(transport, message, new MalformedRequest({ text: explain(error) }))
        })
      : Handlers.refuse(
          transport,
          message,
          new PreconditionFailed({ text: `this node is already initialised as ${phase.identity.node_id}` })
        )

  const onMessage = (message: Message): Effect.Effect<unknown> => {
    const { body, dest } = message
    if (body.type === Init.type) {
      return onInit(message)
    }
    if (phase._tag === "Uninitialised") {
      return Handlers.refuse(
        transport,
        message,
        new TemporarilyUnavailable({ text: "this node is not initialised yet" })
      )
    }
    if (dest !== phase.identity.node_id) {
      return Effect.logWarning("Dropped a message for another node", message).pipe(
        Effect.annotateLogs({ component: "NodeProgram", node: phase.identity.node_id })
      )
    }
    if (body.in_reply_to !== undefined) {
      return calls.complete(body.in_reply_to, message)
    }
    if (phase._tag === "Starting" && !handlers.receives(body.type)) {
      const { waiting } = phase
      return Effect.sync(() => waiting.push(message))
    }
    return handlers.dispatch(message)
  }

  const settled = Effect.suspend(() => (starting === undefined ? Effect.void : Fiber.await(starting))).pipe(
    Effect.andThen(handlers.awaitIdle),
    Effect.timeoutOption(grace)
  )
  const finish = Effect.forkDetach(settled).pipe(
    // In a fiber of its own, since this one may have been interrupted already and would not wait.
    Effect.flatMap(Fiber.await),
    Effect.andThen(Effect.suspend(() => (starting === undefined ? Effect.void : Fiber.interrupt(starting)))),
    Effect.andThen(handlers.interruptAll)
  )

  return yield* transport
    .run((message) => Effect.asVoid(onMessage(message)))
    .pipe(Effect.raceFirst(Deferred.await(failed)), Effect.ensuring(finish))
}, Effect.scoped)

type Phase =
  | { readonly _tag: "Uninitialised" }
  | {
      readonly _tag: "Starting"
      readonly identity: Request<typeof Init>
      /** What came in before the behaviour stood. */
      readonly waiting: Array<Message>
    }
  | { readonly _tag: "Serving"; readonly identity: Request<typeof Init> }

/** What to answer to an `init` whose behaviour cannot be built. */
const failureOf = (cause: Cause.Cause<unknown>): RpcError =>
  Cause.findErrorOption(cause).pipe(
    Option.filter(isRpcError),
    Option.getOrElse(() =>
      Cause.hasInterruptsOnly(cause)
        ? new Crash({ text: "the node stopped while it started" })
        : new Crash({ text: Cause.pretty(cause).split("\n")[0]! })
    )
  )

const isRpcError = Schema.is(RpcError)

const decodeInit = Schema.decodeUnknownResult(Init.request)

const layerServices = (
  node: Node.Node["Service"],
  handlers: Handlers.Handlers,
  storage: Layer.Layer<Storage, StorageError>
) =>
  Layer.mergeAll(LinKv.layer, SeqKv.layer, LwwKv.layer, LinTso.layer, Timers.layer, storage).pipe(
    Layer.provideMerge([Layer.succeed(Node.Node, node), Layer.succeed(RpcServer, handlers)])
  )
