/**
 * The error of a command that cannot run what it was asked to.
 */
import { type PlatformError, Runtime, Schema } from "effect"
import * as ExitCode from "./ExitCode.ts"

/**
 * Says for people what was expected and what came, in one line unless there is a list to show. It is printed as it is,
 * without a stack trace, and ends the process with {@link ExitCode.cannotRun}.
 *
 * Commands fail with it where the one thing left to do with an error is to print it. An error that a caller may yet
 * want to tell from others keeps its own type until then, and is converted with {@link CannotRun.because}.
 */
export class CannotRun extends Schema.TaggedError<CannotRun>()("CannotRun", { text: Schema.String }) {
  override readonly [Runtime.errorExitCode] = ExitCode.cannotRun
  override readonly message = this.text

  /** Converts the error of a file that is read: `text` where there is no such file. */
  static readonly orMissing =
    (text: string) =>
    (error: PlatformError.PlatformError): CannotRun =>
      error.reason._tag === "NotFound" ? new CannotRun({ text }) : CannotRun.because(error)

  /** Converts another error: its message, in one line. */
  static readonly because = ({ message }: { readonly message: string }): CannotRun =>
    new CannotRun({ text: oneLine(message) })
}

/** A text that may run over several lines, in one. */
export const oneLine = (text: string): string => text.replaceAll(/\s*\n\s*/g, " ")
