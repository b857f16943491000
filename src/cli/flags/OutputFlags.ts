/**
 * `--json` and `--out`: in which form a command prints what it found, and where it writes the rest.
 */
import { Flag } from "effect/cli"
import * as Switch from "./Switch.ts"

/** `--json`, with what a line of JSON is about, such as `a run`; nothing if there is only one line. */
export const json = (subject?: string): Flag.Flag<boolean> =>
  Switch.make("json", `Print one line of JSON${subject === undefined ? "" : ` ${subject}`}, and nothing else`)

/** `--out`, a file or folder; whether it must be given, and what it is otherwise, is for the command to say. */
export const out = (description: string): Flag.Flag<string> =>
  Flag.String("out").pipe(Flag.withDescription(description))
