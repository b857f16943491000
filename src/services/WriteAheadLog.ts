/**
 * Write-ahead log of a node that has no others: what it is told, on its disk where `Durability` asks for that.
 */
import { Effect, type Schema, type Scope } from "effect"
import type { RpcError } from "../protocol/RpcError.ts"
import { Durability } from "./Durability.ts"
import * as Policy from "./Policy.ts"
import { Storage } from "./Storage.ts"
import type { StorageError } from "./storage/StorageError.ts"

export interface WriteAheadLog<A> {
  /** Notes a change to the node's state, in the step in which the state changes. */
  append(change: A): void

  /**
   * Completes once all that was noted is as safe as `Durability` says: to be waited for before a request is answered
   * that has changed something, or tells of it. Fails with `Timeout` after `Policy.DurableTimeout`, and with `Crash`
   * where the disk fails.
   */
  readonly durable: Effect.Effect<void, RpcError>
}

/**
 * Opens the log of this name, after the changes in it were made again by `redo`, in order. With any other level than
 * `synced` there is none: nothing is noted, and everything is safe at once.
 */
export const open = Effect.fnUntraced(function* <A>(
  name: string,
  change: Schema.Codec<A, Schema.Json>,
  redo: (change: A) => void
): Effect.fn.Return<WriteAheadLog<A>, StorageError, Storage | Scope.Scope> {
  const durability = yield* Durability
  if (durability !== "synced") {
    return { append: () => undefined, durable: Effect.void }
  }
  const { log, recovered } = yield* (yield* Storage).open(name, change)
  recovered.forEach(redo)
  const durably = yield* Policy.durably(durability)
  return { append: log.append, durable: durably(log.sync) }
})
