/**
 * Draws integers, choices and permutations from a source of randomness.
 *
 * They are plain functions, since generators draw in the midst of plain code, and since a seed is to give the same
 * test whatever else the program draws.
 */
import type { Random } from "effect"

/** An integer from 0 to `bound - 1`, each as likely. */
export const integerBelow = (random: Random.Random, bound: number): number =>
  Math.floor(random.nextDoubleUnsafe() * bound)

/** A positive number, distributed exponentially about its mean. */
export const exponential = (random: Random.Random, mean: number): number =>
  -Math.log(1 - random.nextDoubleUnsafe()) * mean

/** True with a probability from 0 to 1. */
export const chance = (random: Random.Random, probability: number): boolean => random.nextDoubleUnsafe() < probability

/** One of several things, of which there must be one, each as likely. */
export const pick = <const A>(random: Random.Random, items: ReadonlyArray<A>): A =>
  items[integerBelow(random, items.length)]!

/** The same things in an order of which each is as likely. */
export const shuffle = <A>(random: Random.Random, items: ReadonlyArray<A>): Array<A> => {
  const shuffled = [...items]
  for (let last = shuffled.length - 1; last > 0; last--) {
    const chosen = integerBelow(random, last + 1)
    const item = shuffled[last]!
    shuffled[last] = shuffled[chosen]!
    shuffled[chosen] = item
  }
  return shuffled
}

/**
 * An integer from 0 to `count - 1`, each twice as likely as the one before. After the `:exponential` distribution of
 * keys in `elle.txn`, so that tests put some keys under much load and others under little.
 */
export const exponentialIndex = (random: Random.Random, count: number): number => {
  const index = Math.floor(Math.log2(1 + random.nextDoubleUnsafe() * (2 ** count - 1)))
  // A logarithm may be rounded up to the bound.
  return Math.min(index, count - 1)
}
