/**
 * Single-writer register: a total in a key of the store that one node alone replaces, by compare-and-set from what it
 * wrote last.
 *
 * No value comes twice, as each has a version and the incarnation of the node that wrote it. So a copy of an old
 * request that comes late, also from before a crash, changes nothing, and whether one of unknown outcome took place
 * shows.
 */
import { Effect, Schema } from "effect"
import type { RpcError } from "../../protocol/RpcError.ts"
import { Incarnation } from "../../services/Incarnation.ts"
import type { Collection } from "../../services/Kv.ts"

/** A total, which write of its key it is, and by which incarnation: of two, the one of the higher version is newer. */
export interface Written<A> {
  readonly total: A
  readonly version: number
  readonly incarnation: Incarnation
}

/** Totals as they are stored. */
export const Written = <A>(total: Schema.Codec<A, Schema.Json>): Schema.Codec<Written<A>, Schema.Json> =>
  Schema.Struct({ total, version: Schema.Int, incarnation: Incarnation })

/**
 * Writes the first total of an incarnation, idempotently: `first`, or where an earlier incarnation has left one, the
 * `next` to that under a higher version. What that one still has under way took place before, or never will.
 */
export const takeOver = <K, A>(
  totals: Collection<K, Written<A>>,
  key: K,
  first: Written<A>,
  next: (left: A) => A
): Effect.Effect<Written<A>, RpcError> =>
  totals.createIfNotExists(key, first).pipe(
    Effect.as(first),
    Effect.catchTag(
      "KeyAlreadyExists",
      Effect.fnUntraced(function* () {
        const left = yield* totals.read(key)
        if (left.incarnation === first.incarnation) {
          return left
        }
        const taken = { ...first, total: next(left.total), version: left.version + 1 }
        yield* totals.cas(key, left, taken)
        return taken
      })
    )
  )

/** Replaces a total, idempotently: if that is refused, it has taken place before, or fails. */
export const replace = <K, A>(
  totals: Collection<K, Written<A>>,
  key: K,
  from: Written<A>,
  to: Written<A>
): Effect.Effect<void, RpcError> =>
  Effect.catchTag(totals.cas(key, from, to), "PreconditionFailed", (error) =>
    Effect.flatMap(totals.read(key), ({ incarnation, version }) =>
      incarnation === to.incarnation && version === to.version ? Effect.void : Effect.fail(error)
    )
  )
