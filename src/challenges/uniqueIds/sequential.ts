/**
 * Ids without gaps: 0, 1, 2, … in one sequence for the whole cluster, taken by compare-and-set on `lin-kv`.
 *
 * It costs at least four messages an id and needs the store, so that it is neither fast nor available in a partition:
 * what one pays for a total order. A compare-and-set that goes unanswered may have taken its id, which is then skipped.
 */
import { Effect, Layer, Option, Schema } from "effect"
import { Generate } from "../../protocol/UniqueIds.ts"
import { LinKv } from "../../services/Kv.ts"
import { Node } from "../../services/Node.ts"

export const layer = Layer.unwrap(
  Effect.gen(function* () {
    const sequences = (yield* LinKv).collection({ key: Schema.String, value: Schema.Int })
    const next = sequences.update("unique-ids", Option.match({ onNone: () => 0, onSome: (last) => last + 1 }))
    return Node.serve(Generate, () => Effect.map(next, (id) => ({ id })))
  })
)
