/**
 * The parameters of `glomers node`: which challenge the node solves, and how.
 */
import { Argument } from "effect/cli"
import { challenges } from "../../challenges/registry.ts"
import * as SubjectFlags from "../flags/SubjectFlags.ts"
import { abortRate } from "../flags/TestFlags.ts"

/** Arguments and flags, for effect/cli. */
export const parameters = {
  challenge: Argument.ChoiceWithValue(
    "challenge",
    challenges.map((challenge) => [challenge.id, challenge] as const)
  ).pipe(Argument.withDescription("The challenge that this node solves")),
  strategy: SubjectFlags.strategy("How it solves it"),
  abortRate
}
