/**
 * Generates ids that are unique in the cluster, for values and messages of our own.
 */
import { Effect } from "effect"
import * as Incarnation from "./Incarnation.ts"
import { Node } from "./Node.ts"

/**
 * Gives a new id each time: one that no other node gives, and that this node gives never again, also when it starts
 * anew with empty memory, as a new incarnation, and whatever its clock does meanwhile.
 */
export const make: Effect.Effect<() => string, never, Node> = Effect.gen(function* () {
  const { id } = yield* Node
  const incarnation = (yield* Incarnation.make).toString(36)
  let count = 0
  return () => `${id}-${incarnation}-${++count}`
})
