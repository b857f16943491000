/**
 * A counter in one key of `seq-kv`, raised by compare-and-set until it holds.
 *
 * A compare-and-set that changes the store takes place on its newest state, so that no addition is lost. To read, a
 * node first writes something of its own, which makes what it reads next no older than that write. An addition costs
 * four messages if nobody comes in between, a read four as well, and both need the store.
 *
 * A compare-and-set that goes unanswered may have taken place, and is not repeated: the addition ends with that error,
 * which leaves its outcome open.
 */
import { Effect, Option, Schema } from "effect"
import { Counter } from "../../protocol/Counter.ts"
import { SeqKv } from "../../services/Kv.ts"
import { Node } from "../../services/Node.ts"
import type { NodeLayer } from "../../services/NodeProgram.ts"
import * as Delta from "./Delta.ts"

/** The node, for a counter that may or may not be lowered. */
export const layer = (kind: Delta.Kind): NodeLayer =>
  Counter.toLayer(
    Effect.gen(function* () {
      const node = yield* Node
      const numbers = (yield* SeqKv).collection({ key: Schema.String, value: Schema.Int })
      let reads = 0

      return {
        add: ({ delta }) =>
          numbers
            .updateEffect("counter", (current) =>
              Delta.add(
                kind,
                Option.getOrElse(current, () => 0),
                delta
              )
            )
            .pipe(Effect.as({})),
        read: Effect.fnUntraced(function* () {
          yield* numbers.write(`${node.id} reads`, ++reads)
          const value = yield* numbers.readOption("counter")
          return { value: Option.getOrElse(value, () => 0) }
        })
      }
    })
  )
