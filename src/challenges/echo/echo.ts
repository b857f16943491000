/**
 * Challenge 1: answer every request with its own payload.
 */
import { Effect } from "effect"
import { Echo } from "../../protocol/Echo.ts"
import { Node } from "../../services/Node.ts"
import type { Challenge } from "../Challenge.ts"
import { official } from "../Official.ts"

export const layer = Node.serve(Echo, ({ echo }) => Effect.succeed({ echo }))

export const challenge: Challenge = {
  id: "1",
  title: "Echo",
  ...official["1"],
  strategies: { echo: { summary: "answers with what was sent", layer } }
}
