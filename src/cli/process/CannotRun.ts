/**
 * What was asked for cannot be run.
 */
import { Runtime, Schema } from "effect"
import * as ExitCode from "./ExitCode.ts"

/** Says in one line what was expected and what came. The exit code is {@link ExitCode.cannotRun}. */
export class CannotRun extends Schema.TaggedError<CannotRun>()("CannotRun", { text: Schema.String }) {
  override readonly [Runtime.errorExitCode] = ExitCode.cannotRun
  override readonly message = this.text
}
