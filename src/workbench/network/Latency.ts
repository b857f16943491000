/**
 * Latency distributions of the simulated network.
 */
import type { Random } from "effect"
import * as Draw from "../simulation/Draw.ts"

/** Shapes of a latency distribution, all with the same mean: always the mean; 0 to twice the mean; exponential. */
export const distributions = ["constant", "uniform", "exponential"] as const
/** One of {@link distributions}. */
export type Distribution = (typeof distributions)[number]

/** Draws a latency in whole milliseconds, as Maelstrom does. */
export const draw = (random: Random.Random, distribution: Distribution, meanMillis: number): number => {
  switch (distribution) {
    case "constant":
      return meanMillis
    case "uniform":
      return Math.floor(random.nextDoubleUnsafe() * 2 * meanMillis)
    case "exponential":
      return Math.floor(Draw.exponential(random, meanMillis))
  }
}
