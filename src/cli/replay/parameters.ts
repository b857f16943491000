/**
 * The parameters of `glomers replay`: the stored run, and what becomes of the new one.
 */
import { Argument, type Command, Flag } from "effect/cli"
import * as OutputFlags from "../flags/OutputFlags.ts"

/** Arguments and flags, for effect/cli. */
export const parameters = {
  run: Argument.String("run").pipe(Argument.withDescription("The folder of a stored run, or its results.json")),
  out: OutputFlags.out("The folder for the results").pipe(Flag.withDefault("store")),
  json: OutputFlags.json()
}

/** What was given on the command line. */
export type ReplayInput = Command.Command.Config.Infer<typeof parameters>
