/**
 * `--seed` and `--seeds`: what decides everything that is left to chance.
 */
import { Flag } from "effect/cli"
import * as SeedRange from "./SeedRange.ts"

/** `--seed`, a whole number of at least 0; what it is when it is not given is for the command to say. */
export const seed = (description: string): Flag.Flag<number> =>
  Flag.Int("seed").pipe(
    Flag.filter(
      (seed) => seed >= 0,
      () => "a whole number of at least 0"
    ),
    Flag.withDescription(description)
  )

/** `--seeds`, a range such as `1..100`. */
export const seeds = (description: string): Flag.Flag<SeedRange.SeedRange> =>
  Flag.String("seeds").pipe(
    Flag.filterMap(SeedRange.parse, () => "a range such as 1..100"),
    Flag.withDescription(description)
  )
