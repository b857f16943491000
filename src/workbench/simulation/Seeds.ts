/**
 * One seed for a test, and a source of randomness of its own for everything in it.
 */
import { Effect, Random } from "effect"

/**
 * The random source called `name` under a test's seed. Sources of different names do not depend on each other, so that
 * one more draw in one place changes nothing elsewhere.
 */
export const random = (seed: string, name: string): Random.Random =>
  Effect.runSync(Random.withSeed(Effect.service(Random.Random), `${seed}/${name}`))
