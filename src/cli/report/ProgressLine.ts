/**
 * How far a test has come, while it runs.
 */
import { Clock, Console, Effect, Stdio, Terminal } from "effect"
import type { Progress } from "../../workbench/run/TestProgram.ts"

export interface ProgressLine<in A = Progress> {
  readonly update: (progress: A) => Effect.Effect<void>
  /** Takes the line away. */
  readonly clear: Effect.Effect<void>
}

/** Says nothing. */
export const silent: ProgressLine<unknown> = { update: () => Effect.void, clear: Effect.void }

/** The progress of a test in the workbench, as {@link custom} shows it. */
export const make = (title: string) =>
  custom(
    title,
    ({ messages, operations, seconds }: Progress) =>
      `${seconds.toFixed(1)} s, ${operations} operations, ${messages} messages`
  )

/** A line that is written anew in place where stdout is a terminal, and else a line every few seconds of real time. */
export const custom = Effect.fnUntraced(function* <A>(title: string, describe: (progress: A) => string) {
  const stdio = yield* Stdio.Stdio
  const terminal = yield* Terminal.Terminal
  const live = yield* stdio.stdoutIsTerminal
  const display = (text: string) => Effect.ignore(terminal.display(text))
  const intervalMillis = live ? 100 : 5000
  let nextMillis = (yield* Clock.currentTimeMillis) + intervalMillis

  const line: ProgressLine<A> = {
    update: Effect.fnUntraced(function* (progress) {
      const nowMillis = yield* Clock.currentTimeMillis
      if (nowMillis < nextMillis) {
        return
      }
      nextMillis = nowMillis + intervalMillis
      const text = `${title}: ${describe(progress)}`
      yield* live ? display(`${lineStart}${text}`) : Console.log(text)
    }),
    clear: live ? display(lineStart) : Effect.void
  }
  return line
})

/** To the beginning of the line, and erase all of it. */
const lineStart = "\r\u001B[2K"
