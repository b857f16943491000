/**
 * The parameters of `glomers maelstrom`: our own flags, beside which any flag of Maelstrom may stand.
 */
import { Argument, type Command, Flag } from "effect/cli"
import * as OutputFlags from "../flags/OutputFlags.ts"
import * as SubjectFlags from "../flags/SubjectFlags.ts"
import * as Switch from "../flags/Switch.ts"

/** Arguments and flags, for effect/cli. */
export const parameters = {
  challenge: Argument.String("challenge").pipe(
    Argument.optional,
    Argument.withDescription("The challenge's id, or all")
  ),
  // All that is no flag of ours: see `passThrough` in Arguments.ts.
  flags: Argument.String("flags").pipe(
    Argument.variadic(),
    Argument.withDescription("Flags of Maelstrom, which override the official ones")
  ),
  strategy: SubjectFlags.strategy("How our nodes solve it"),
  out: OutputFlags.out("The folder to run Maelstrom in, where it makes its store").pipe(Flag.withDefault(".")),
  json: OutputFlags.json("a run"),
  verbose: Switch.make("verbose", "Print what Maelstrom prints, on stderr")
}

/** What was given on the command line. */
export type MaelstromInput = Command.Command.Config.Infer<typeof parameters>
