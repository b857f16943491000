/**
 * Handlers of broadcast over the values that a node knows, wherever these are kept.
 */
import { Effect, type Schema } from "effect"
import type { Broadcast } from "../../protocol/Broadcast.ts"
import type { Request } from "../../protocol/Rpc.ts"
import type { RpcError } from "../../protocol/RpcError.ts"
import type { ValueSet } from "./ValueSet.ts"

/** What keeps values, as a replicated log does. */
export interface Keeper {
  /** Keeps the value that `make` gives, in the step in which it does. */
  appendWith(make: () => Schema.Json): Effect.Effect<unknown>
  readonly durable: Effect.Effect<void, RpcError>
}

/** Handlers over these values. What is new is kept, and nothing is told before it is as safe as it has to be. */
export const handlers = (known: ValueSet, { appendWith, durable }: Keeper) => ({
  broadcast: Effect.fnUntraced(function* ({ message }: Request<typeof Broadcast.broadcast>) {
    if (!known.has(message)) {
      yield* appendWith(() => {
        known.add(message)
        return message
      })
    }
    yield* durable
    return {}
  }),

  read: () =>
    Effect.suspend(() => {
      // What comes while this waits is not on the disk when it is over.
      const messages = [...known.values]
      return Effect.as(durable, { messages })
    })
})
