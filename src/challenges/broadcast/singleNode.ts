/**
 * Broadcast where there is no other node. A value is acknowledged once this node holds it, as safe as `Durability`
 * says.
 */
import { Effect, Schema } from "effect"
import { Broadcast } from "../../protocol/Broadcast.ts"
import * as WriteAheadLog from "../../services/WriteAheadLog.ts"
import { handlers } from "./knownValues.ts"
import * as ValueSet from "./ValueSet.ts"

/** The node of 3a. It survives a crash if what it acknowledges is synced. */
export const layer = Broadcast.toLayer(
  Effect.gen(function* () {
    const known = ValueSet.make()
    const log = yield* WriteAheadLog.open("values", Schema.Json, known.add)
    return {
      topology: () => Effect.succeed({}),
      ...handlers(known, { appendWith: (make) => Effect.sync(() => log.append(make())), durable: log.durable })
    }
  })
)
