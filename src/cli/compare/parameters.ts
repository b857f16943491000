/**
 * The parameters of `glomers compare`: whose strategies are compared, and at which setting.
 */
import { Argument, type Command, Flag } from "effect/cli"
import * as OutputFlags from "../flags/OutputFlags.ts"
import * as SeedFlags from "../flags/SeedFlags.ts"
import { testFlags } from "../flags/TestFlags.ts"

/** Arguments and flags, for effect/cli. */
export const parameters = {
  challenge: Argument.String("challenge").pipe(
    Argument.withDescription("A challenge's id, such as 3d, or a number, such as 3 for all of its parts")
  ),
  seed: SeedFlags.seed("Decides everything that is left to chance").pipe(Flag.withDefault(0)),
  ...testFlags,
  json: OutputFlags.json("a strategy"),
  out: OutputFlags.out("An SVG file to draw messages against latency into").pipe(Flag.optional)
}

/** What was given on the command line. */
export type CompareInput = Command.Command.Config.Infer<typeof parameters>
