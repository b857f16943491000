/**
 * Names for what must be told apart from everything else in the cluster.
 */
import { Effect, Random } from "effect"
import { Node } from "./Node.ts"

/**
 * Gives a new name each time: one that no other node gives, and that this node gives never again, also when it starts anew
 * with empty memory.
 */
export const make: Effect.Effect<() => string, never, Node> = Effect.gen(function* () {
  const { id } = yield* Node
  const life = Math.abs(yield* Random.nextInt).toString(36)
  let count = 0
  return () => `${id}-${life}-${++count}`
})
