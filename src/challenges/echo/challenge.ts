/**
 * Challenge 1: answer every request with its own payload.
 */
import { Effect } from "effect"
import { Echo } from "../../protocol/Echo.ts"
import type { Challenge } from "../Challenge.ts"
import { official } from "../Official.ts"

/** The node: every request is answered with its payload. */
export const layer = Echo.toLayer({ echo: ({ echo }) => Effect.succeed({ echo }) })

/** 1: one node that says what it was told. */
export const challenge1: Challenge = {
  id: "1",
  title: "Echo",
  ...official["1"],
  strategies: { echo: { summary: "answers with what was sent", layer } }
}
