/**
 * Challenge 3a: broadcast where there is nobody to tell. A value is acknowledged once this node holds it.
 */
import { Effect } from "effect"
import { Broadcast } from "../../protocol/Broadcast.ts"
import type { Challenge } from "../Challenge.ts"
import { official } from "../Official.ts"
import * as ValueSet from "./ValueSet.ts"

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

export const challenge: Challenge = {
  id: "3a",
  title: "Single-node broadcast",
  ...official["3a"],
  strategies: { "single-node": { summary: "keeps what it is told", layer } }
}
