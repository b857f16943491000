/**
 * Exit codes: what a command's end means to the shell that started it.
 */
import { Cause, Exit, Predicate, Runtime } from "effect"
import { isNode } from "./Arguments.ts"

/** What was asked for cannot be run. */
export const cannotRun = 2

/** The command was interrupted from the keyboard. */
const interrupted = 130

/** Ends the process with the code that fits how its main effect ended. */
export const teardown: Runtime.Teardown = (exit, onExit) => onExit(Exit.isSuccess(exit) ? 0 : failureCode(exit.cause))

const failureCode = (cause: Cause.Cause<unknown>): number => {
  if (Cause.hasInterruptsOnly(cause)) {
    // A node that is told to stop has done its job: Maelstrom ends every node that way.
    return isNode(process.argv.slice(2)) ? 0 : interrupted
  }
  const error = Cause.squash(cause)
  const code = Runtime.getErrorExitCode(error)
  return Predicate.isTagged(error, "ShowHelp") && code !== 0 ? cannotRun : code
}
