/**
 * A boolean flag that is off unless it is given.
 */
import { Flag } from "effect/cli"

/** A flag such as `--verbose`, which `--no-verbose` turns off again. */
export const make = (name: string, description: string): Flag.Flag<boolean> =>
  Flag.Boolean(name).pipe(Flag.withDescription(description), Flag.withDefault(false))
