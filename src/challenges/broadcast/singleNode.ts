/**
 * Broadcast where there is no other node. A value is acknowledged once this node holds it.
 */
import { Effect } from "effect"
import { Broadcast } from "../../protocol/Broadcast.ts"
import * as ValueSet from "./ValueSet.ts"

/** The node of 3a. It does not survive a crash. */
export const layer = Broadcast.toLayer(
  Effect.sync(() => {
    const known = ValueSet.make()
    return {
      topology: () => Effect.succeed({}),
      broadcast: ({ message }) => Effect.sync(() => known.add(message)).pipe(Effect.as({})),
      read: () => Effect.sync(() => ({ messages: known.values }))
    }
  })
)
