/**
 * The parameters of `glomers node`: which challenge the node solves, and how.
 */
import { Argument, Flag } from "effect/cli"
import { challenges } from "../../challenges/registry.ts"
import * as SubjectFlags from "../flags/SubjectFlags.ts"
import { abortRate, durability } from "../flags/TestFlags.ts"

/** Arguments and flags, for effect/cli. */
export const parameters = {
  challenge: Argument.ChoiceWithValue(
    "challenge",
    challenges.map((challenge) => [challenge.id, challenge] as const)
  ).pipe(Argument.withDescription("The challenge that this node solves")),
  strategy: SubjectFlags.strategy("How it solves it"),
  abortRate,
  durability,
  dataDir: Flag.String("data-dir").pipe(
    Flag.withDescription("The folder in which each node has one for what it stores; it is created if there is none"),
    Flag.optional
  )
}
