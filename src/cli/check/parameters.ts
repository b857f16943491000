/**
 * The parameters of `glomers check`: the run, and what its checkers need to know that it does not say itself.
 */
import { Argument, type Command, Flag } from "effect/cli"
import * as OutputFlags from "../flags/OutputFlags.ts"
import * as SubjectFlags from "../flags/SubjectFlags.ts"
import { nodeFlags } from "../flags/NodeFlags.ts"
import { checkFlags, strict } from "../flags/TestFlags.ts"

/** Arguments and flags, for effect/cli. */
export const parameters = {
  run: Argument.String("run").pipe(
    Argument.withDescription("The folder of a run, of ours or of Maelstrom, or its history.jsonl or history.edn")
  ),
  workload: SubjectFlags.workload("The workload that the history is of, if the run does not say it").pipe(
    Flag.optional
  ),
  ...checkFlags,
  strict: strict.pipe(Flag.optional),
  ...nodeFlags,
  json: OutputFlags.json()
}

/** What was given on the command line. */
export type CheckInput = Command.Command.Config.Infer<typeof parameters>
