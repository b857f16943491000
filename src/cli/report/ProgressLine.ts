/**
 * Progress line: how far a test has come, while it runs.
 */
import { Clock, Console, Effect, Stdio, Stream, SubscriptionRef, Terminal } from "effect"
import { notStarted, type Progress } from "../../workbench/run/TestProgram.ts"

/** How progress is shown: what it is before there is any, and in words. */
export interface Shown<in out P> {
  readonly initial: P
  readonly describe: (progress: P) => string
}

/** The progress of a test in the workbench. */
export const ofTest: Shown<Progress> = {
  initial: notStarted,
  describe: ({ messages, operations, seconds }) =>
    `${seconds.toFixed(1)} s, ${operations} operations, ${messages} messages`
}

/**
 * Runs a test and shows the progress that it is given to set: in a line that is written anew in place where stdout is a
 * terminal, and else in a line every few seconds of real time.
 */
export const showing = Effect.fnUntraced(function* <P, A, E, R>(
  title: string,
  { describe, initial }: Shown<P>,
  test: (progress: SubscriptionRef.SubscriptionRef<P>) => Effect.Effect<A, E, R>
) {
  const progress = yield* SubscriptionRef.make(initial)
  const line = yield* makeLine(title, describe)
  const show = Stream.runForEach(SubscriptionRef.changes(progress), line.update)
  return yield* Effect.raceFirst(test(progress), Effect.andThen(show, Effect.never)).pipe(Effect.ensuring(line.clear))
})

const makeLine = Effect.fnUntraced(function* <P>(title: string, describe: (progress: P) => string) {
  const stdio = yield* Stdio.Stdio
  const terminal = yield* Terminal.Terminal
  const live = yield* stdio.stdoutIsTerminal
  const display = (text: string) => Effect.ignore(terminal.display(text))
  const intervalMillis = live ? 100 : 5000
  let nextMillis = (yield* Clock.currentTimeMillis) + intervalMillis

  return {
    update: Effect.fnUntraced(function* (progress: P) {
      const nowMillis = yield* Clock.currentTimeMillis
      if (nowMillis < nextMillis) {
        return
      }
      nextMillis = nowMillis + intervalMillis
      const text = `${title}: ${describe(progress)}`
      yield* live ? display(`${lineStart}${text}`) : Console.log(text)
    }),
    /** Takes the line away. */
    clear: live ? display(lineStart) : Effect.void
  }
})

/** To the beginning of the line, and erase all of it. */
const lineStart = "\r\u001B[2K"
