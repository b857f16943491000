/**
 * How far a test has come, while it runs.
 */
import { Clock, Console, Effect, Stdio, Stream, SubscriptionRef, Terminal } from "effect"
import { notStarted, type Progress } from "../../workbench/run/TestProgram.ts"

export interface ProgressLine<in A = Progress> {
  readonly update: (progress: A) => Effect.Effect<void>
  /** Takes the line away. */
  readonly clear: Effect.Effect<void>
}

/** Says nothing. */
export const silent: ProgressLine<unknown> = { update: () => Effect.void, clear: Effect.void }

/** Runs a test of the workbench and shows the progress that it is given to set, as {@link custom} does. */
export const showing = Effect.fnUntraced(function* <A, E, R>(
  title: string,
  test: (progress: SubscriptionRef.SubscriptionRef<Progress>) => Effect.Effect<A, E, R>
) {
  const progress = yield* SubscriptionRef.make(notStarted)
  const line = yield* custom(
    title,
    ({ messages, operations, seconds }: Progress) =>
      `${seconds.toFixed(1)} s, ${operations} operations, ${messages} messages`
  )
  const show = Stream.runForEach(SubscriptionRef.changes(progress), line.update)
  return yield* Effect.raceFirst(test(progress), Effect.andThen(show, Effect.never)).pipe(Effect.ensuring(line.clear))
})

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
