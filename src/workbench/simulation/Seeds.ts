/**
 * Derives a pseudo-random number generator for each part of a test from the one seed of the test.
 */
import { Effect, Random } from "effect"

/**
 * The random source called `name` under a test's seed. Sources of different names do not depend on each other, so that
 * one more draw in one place changes nothing elsewhere.
 */
export const random = (seed: string, name: string): Random.Random =>
  Effect.runSync(Random.withSeed(Effect.service(Random.Random), `${seed}/${name}`))
