/**
 * Challenge 3a: broadcast where there is nobody to tell. A value is acknowledged once this node holds it.
 */
import { Effect, Layer } from "effect"
import { Broadcast, Read, Topology } from "../../protocol/Broadcast.ts"
import { Node } from "../../services/Node.ts"
import type { Challenge } from "../Challenge.ts"
import { official } from "../Official.ts"
import * as ValueSet from "./ValueSet.ts"

export const layer = Layer.suspend(() => {
  const known = ValueSet.make()
  return Layer.mergeAll(
    Node.serve(Topology, () => Effect.succeed({})),
    Node.serve(Broadcast, ({ message }) => Effect.sync(() => known.add(message)).pipe(Effect.as({}))),
    Node.serve(Read, () => Effect.sync(() => ({ messages: known.values })))
  )
})

export const challenge: Challenge = {
  id: "3a",
  title: "Single-node broadcast",
  ...official["3a"],
  strategies: { "single-node": { summary: "keeps what it is told", layer } }
}
