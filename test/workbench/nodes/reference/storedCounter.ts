/**
 * A counter in a key-value store, where each node has a key of its own that it alone writes; a read sums up all keys.
 * That is right on `lin-kv`.
 */
import { Effect, Layer, Option, Schema, Semaphore } from "effect"
import { Add, Read } from "../../../../src/protocol/Counter.ts"
import { type Kv, LinKv } from "../../../../src/services/Kv.ts"
import { Node } from "../../../../src/services/Node.ts"

export const layer = Layer.unwrap(LinKv.use((store) => make(store)))

/** The counter in a store of one's choice. */
export const make = Effect.fnUntraced(function* (store: Kv) {
  const node = yield* Node
  const totals = store.collection({ key: Schema.String, value: Schema.Int })
  const turn = yield* Semaphore.make(1)
  let own = 0

  return Layer.mergeAll(
    Node.serve(Add, ({ delta }) =>
      turn.withPermit(Effect.suspend(() => totals.write(node.id, (own += delta)))).pipe(Effect.as({}))
    ),
    Node.serve(Read, () =>
      Effect.forEach(node.nodeIds, (id) => totals.readOption(id)).pipe(
        Effect.map((values) => ({ value: values.reduce((sum, value) => sum + Option.getOrElse(value, () => 0), 0) }))
      )
    )
  )
})
