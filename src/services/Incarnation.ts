/**
 * An incarnation: one life of a node, from its start to its end, which tells what it does from what it did before it
 * crashed. The word is that of Das et al., "SWIM" (2002).
 *
 * Nothing outlives a crash that could count incarnations, so that the wall clock does: the number is the time of the
 * start, with random bits behind it for a clock that stepped back.
 */
import { Clock, Effect, Random, Schema } from "effect"

/** Ten-millisecond ticks of the wall clock, times 2^14, and 14 random bits. Fits JSON's integers until 2144. */
export const Incarnation = Schema.Int
export type Incarnation = typeof Incarnation.Type

/**
 * An incarnation that starts now. Two of one node are the same only if it starts twice in one tick, which takes a clock
 * that stepped back, and draws the same of 2^14 random numbers.
 */
export const make: Effect.Effect<Incarnation> = Effect.gen(function* () {
  const millis = yield* Clock.currentTimeMillis
  return Math.floor(millis / tickMillis) * draws + (yield* Random.nextIntBetween(0, draws, { halfOpen: true }))
})

const tickMillis = 10

const draws = 2 ** 14
