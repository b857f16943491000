/**
 * An incarnation: one life of a node, from its start to its end, which tells what it does from what it did
 * before it crashed. The word is that of Das et al., "SWIM" (2002).
 *
 * Nothing outlives a crash that could count incarnations, so that the wall clock does: the number is the time of the
 * start, with random bits behind it. A later one is greater, unless the clock stepped back meanwhile; who learns from
 * another node that it had a greater one before goes on under one that is greater still ({@link above}).
 *
 * Cassandra's gossip puts a generation, the time of a start, before its versions for the same reason; Riak gave a
 * restarted vnode a new actor id after version vectors of one id had lost writes.
 */
import { Clock, Effect, Random, Schema } from "effect"

/**
 * Ten-millisecond ticks of the wall clock since the beginning of 2025, times 2^14, and 14 random bits. It has less than
 * 16 digits until 2044: longer numbers may be none that a double holds, which many JSON parsers take longer to find
 * out. It stays one that a double holds until 2199.
 */
export const Incarnation = Schema.Int
export type Incarnation = typeof Incarnation.Type

/**
 * An incarnation that starts now. Two of one node are the same only if it starts twice in one tick, which takes a clock
 * that stepped back, and draws the same of 2^14 random numbers.
 */
export const make: Effect.Effect<Incarnation> = Effect.gen(function* () {
  const millis = yield* Clock.currentTimeMillis
  return (
    Math.floor((millis - epochMillis) / tickMillis) * draws +
    (yield* Random.nextIntBetween(0, draws, { halfOpen: true }))
  )
})

/** When an incarnation started, in milliseconds by its wall clock. */
export const startedAt = (incarnation: Incarnation): number =>
  epochMillis + Math.floor(incarnation / draws) * tickMillis

/** One that is greater than `other`, with the random bits of `own`. */
export const above = (own: Incarnation, other: Incarnation): Incarnation =>
  (Math.floor(other / draws) + 1) * draws + (((own % draws) + draws) % draws)

const epochMillis = Date.UTC(2025, 0, 1)

const tickMillis = 10

const draws = 2 ** 14
