/**
 * Ids without gaps: 0, 1, 2, … in one sequence for the whole cluster, taken by compare-and-set on `lin-kv`.
 *
 * It costs at least four messages per id and needs the store, so that it is neither fast nor available in a partition:
 * what one pays for a total order. A compare-and-set that goes unanswered may have taken its id, which is then skipped.
 */
import { Effect, Option, Schema } from "effect"
import { UniqueIds } from "../../protocol/UniqueIds.ts"
import { LinKv } from "../../services/Kv.ts"

/** The node. It is unavailable where `lin-kv` cannot be reached. */
export const layer = UniqueIds.toLayer(
  Effect.gen(function* () {
    const sequences = (yield* LinKv).collection({ key: Schema.String, value: Schema.Int })
    const next = sequences.update("unique-ids", Option.match({ onNone: () => 0, onSome: (last) => last + 1 }))
    return { generate: () => Effect.map(next, (id) => ({ id })) }
  })
)
