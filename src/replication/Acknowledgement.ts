/**
 * Lets requests wait until what they appended is as safe as `Durability` says: confirmed by another node, or on the
 * disk.
 */
import { Deferred, Effect } from "effect"
import type { RpcError } from "../protocol/RpcError.ts"
import { Durability } from "../services/Durability.ts"
import * as Policy from "../services/Policy.ts"
import type { Journal } from "./Journal.ts"

export interface Acknowledgement {
  /** Completes once another node is known to have that many of this node's items. */
  confirmed(count: number): Effect.Effect<void>
  /** Another node has that many. */
  note(count: number): Effect.Effect<void>
  /** Completes once the first `count` items, and all that was noted in the journal, are safe. */
  durable(count: number): Effect.Effect<void, RpcError>
}

/** Nothing is confirmed. A node that is alone has nobody to wait for. */
export const make = Effect.fnUntraced(function* (isAlone: boolean, journal: Journal | undefined) {
  const durability = yield* Durability
  const durably = yield* Policy.durably(durability)
  let most = 0
  const waiting = new Map<Deferred.Deferred<void>, number>()

  const confirmed = (count: number) =>
    Effect.suspend(() => {
      if (isAlone || count <= most) {
        return Effect.void
      }
      const waiter = Deferred.makeUnsafe<void>()
      waiting.set(waiter, count)
      return Effect.ensuring(
        Deferred.await(waiter),
        Effect.sync(() => waiting.delete(waiter))
      )
    })

  const acknowledgement: Acknowledgement = {
    confirmed,

    note: (count) => {
      most = Math.max(most, count)
      return Effect.forEach(
        [...waiting].filter(([, wanted]) => wanted <= most),
        ([waiter]) => Deferred.succeed(waiter, undefined),
        { discard: true }
      )
    },

    durable: (count) =>
      durability === "memory" ? Effect.void : durably(durability === "synced" ? journal!.sync : confirmed(count))
  }
  return acknowledgement
})
