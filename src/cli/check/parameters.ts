/**
 * The parameters of `glomers check`: the history, and what its checkers need to know of the run.
 */
import { Argument, type Command } from "effect/cli"
import * as OutputFlags from "../flags/OutputFlags.ts"
import * as SubjectFlags from "../flags/SubjectFlags.ts"
import { checkFlags } from "../flags/TestFlags.ts"

/** Arguments and flags, for effect/cli. */
export const parameters = {
  file: Argument.String("history").pipe(
    Argument.withDescription("A history.jsonl or history.jsonl.gz, of ours or recorded from Maelstrom")
  ),
  workload: SubjectFlags.workload("The workload that the history is of"),
  ...checkFlags,
  json: OutputFlags.json()
}

/** What was given on the command line. */
export type CheckInput = Command.Command.Config.Infer<typeof parameters>
