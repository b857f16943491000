/**
 * Runs a command as the main program of this process: its logs, its errors and its exit code.
 */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import { Cause, Console, Effect, Runtime } from "effect"
import { CannotRun } from "./CannotRun.ts"
import * as ExitCode from "./ExitCode.ts"
import * as Logging from "./Logging.ts"

/**
 * Runs a command until it ends or is told to stop by SIGINT or SIGTERM. Logs and the reason of a failure go to stderr,
 * never to stdout; how it ended becomes the exit code.
 */
export const runMain = <E>(command: Effect.Effect<unknown, E>): void => {
  // Logs that nobody reads any more are no reason to stop.
  process.stderr.on("error", () => {})
  reported(command).pipe(NodeRuntime.runMain({ disableErrorReporting: true, teardown: ExitCode.teardown }))
}

/** A command that writes its logs, and the reason if it fails, to stderr. */
export const reported = <A, E, R>(command: Effect.Effect<A, E, R>) =>
  command.pipe(Effect.provide(Logging.layerLevel), Effect.tapCause(report), Effect.provide(Logging.layerStderr))

const report = (cause: Cause.Cause<unknown>): Effect.Effect<void> => {
  if (Cause.hasInterruptsOnly(cause)) {
    return Effect.void
  }
  const error = Cause.squash(cause)
  if (error instanceof CannotRun) {
    return Console.error(`glomers: ${error.text}`)
  }
  return Runtime.getErrorReported(error) ? Effect.logError("The command failed", cause) : Effect.void
}
