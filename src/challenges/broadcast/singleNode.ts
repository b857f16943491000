/**
 * Broadcast where there is no other node. A value is acknowledged once this node holds it, as safe as `Durability`
 * says.
 */
import { Effect, Schema } from "effect"
import { Broadcast } from "../../protocol/Broadcast.ts"
import * as WriteAheadLog from "../../services/WriteAheadLog.ts"
import * as ValueSet from "./ValueSet.ts"

/** The node of 3a. It survives a crash if what it acknowledges is synced. */
export const layer = Broadcast.toLayer(
  Effect.gen(function* () {
    const known = ValueSet.make()
    const log = yield* WriteAheadLog.open("values", Schema.Json, known.add)
    return {
      topology: () => Effect.succeed({}),
      broadcast: ({ message }) =>
        Effect.suspend(() => {
          if (known.add(message)) {
            log.append(message)
          }
          return Effect.as(log.durable, {})
        }),
      read: () =>
        Effect.suspend(() => {
          // What comes while this waits is not on the disk when it is over.
          const messages = [...known.values]
          return Effect.as(log.durable, { messages })
        })
    }
  })
)
