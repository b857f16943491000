/**
 * Correlates replies with the calls that wait for them.
 */
import { Deferred, Duration, Effect, Schema } from "effect"
import type { Body, Message } from "../protocol/Message.ts"
import { MessageId } from "../protocol/MessageId.ts"
import { Crash, ErrorBody, fromBody, type RpcError, Timeout } from "../protocol/RpcError.ts"
import * as Policy from "./Policy.ts"

/**
 * Numbers calls and hands each its reply. A reply that nobody waits for, because it is late, a duplicate, or was never
 * asked for, is dropped.
 */
export interface PendingCalls {
  /**
   * Sends a request with a fresh id through `send` and waits for its reply's body. Fails with the error that the reply
   * is, or with `Timeout` after {@link Policy.RpcTimeout}. In {@link Policy.idempotent} effects, `send` is run again
   * with the same id while there is no reply: who gets the message twice sees what a network that repeats messages
   * does.
   */
  call(name: string, send: (id: MessageId) => Effect.Effect<void>): Effect.Effect<Body, RpcError>

  /** Takes a message that answers the request `inReplyTo`. */
  complete(inReplyTo: MessageId, message: Message): Effect.Effect<void>
}

/** Starts with no calls; ids count up from `firstId`. */
export const make = (firstId = 1): PendingCalls => {
  const waiting = new Map<MessageId, Deferred.Deferred<Body, RpcError>>()
  let nextId = firstId

  return {
    call: Effect.fnUntraced(function* (name, send) {
      const timeout = yield* Policy.RpcTimeout
      const id = MessageId.make(nextId++)
      const reply = Deferred.makeUnsafe<Body, RpcError>()
      waiting.set(id, reply)
      const exchange = (yield* Policy.Idempotent)
        ? Effect.raceFirst(
            Deferred.await(reply),
            Effect.andThen(Effect.repeat(send(id), yield* Policy.Resend), Effect.never)
          )
        : Effect.andThen(send(id), Deferred.await(reply))
      return yield* exchange.pipe(
        Effect.timeoutOrElse({
          duration: timeout,
          orElse: () => Effect.fail(new Timeout({ text: `no reply to ${name} within ${Duration.format(timeout)}` }))
        }),
        Effect.ensuring(Effect.sync(() => waiting.delete(id)))
      )
    }),

    complete: (inReplyTo, { body, dest, src }) => {
      const reply = waiting.get(inReplyTo)
      if (reply === undefined) {
        return Effect.logDebug("Dropped a reply that nobody waits for", body).pipe(
          Effect.annotateLogs({ component: "PendingCalls", node: dest, from: src })
        )
      }
      waiting.delete(inReplyTo)
      return Effect.asVoid(
        body.type === "error"
          ? Deferred.fail(
              reply,
              isErrorBody(body) ? fromBody(body) : new Crash({ text: "malformed error", details: body })
            )
          : Deferred.succeed(reply, body)
      )
    }
  }
}

const isErrorBody = Schema.is(ErrorBody)
