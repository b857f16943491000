/**
 * The error of a command that found what it checked to be wrong.
 */
import { Runtime, Schema } from "effect"

/** Ends a command whose output already says what is wrong, with exit code 1. */
export class Invalid extends Schema.TaggedError<Invalid>()("Invalid", {}) {
  override readonly [Runtime.errorExitCode] = 1
  override readonly [Runtime.errorReported] = false
}
