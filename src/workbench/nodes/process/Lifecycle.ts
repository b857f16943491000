/**
 * Starts a node's process, talks to it over stdin and stdout, and ends it with all its process group.
 */
import { Duration, Effect, Fiber, type PlatformError, Queue, Result, Stream } from "effect"
import type { ChildProcess } from "effect/process"
import type { Message } from "../../../protocol/Message.ts"
import type { NodeId } from "../../../protocol/NodeId.ts"
import type { StderrLog } from "./Stderr.ts"
import * as Stdout from "./Stdout.ts"

export interface Options {
  readonly id: NodeId
  readonly command: ChildProcess.StandardCommand
  readonly log: StderrLog
  /** Takes what the node sends. Returns what is wrong with it, if anything is. */
  readonly send: (message: Message) => string | undefined
  /** Is told, as the end of a sentence about the node, that it does or did what it should not. */
  readonly fail: (text: string) => Effect.Effect<void>
}

export interface Lifecycle {
  /** Writes a message to the process, which may take its time to read it. */
  readonly deliver: (message: Message) => void

  /** Sends a signal to the process group, without waiting for what comes of it. */
  signal(signal: ChildProcess.Signal): Effect.Effect<void>

  /** What is odd about what it has printed on stdout so far, see `Stdout.ts`. */
  readonly complaint: () => string | undefined

  /** From now on nothing that the process says is heard, and the end of its scope kills it without a warning. */
  readonly killOnClose: Effect.Effect<void>
}

/** How long a process group that is told to end, by `SIGTERM` and by the end of its stdin, has before it is killed. */
export const grace = Duration.millis(250)

/** How many messages may wait for a process to read them. */
const inputLimit = 1_000_000

/** Starts a process, which ends with the scope. The scope's end waits until the whole process group is gone. */
export const start = Effect.fnUntraced(function* ({ command, fail, id, log, send }: Options) {
  const handle = yield* command
  const input = yield* Queue.dropping<string>(inputLimit)
  const runFork = Effect.runForkWith(yield* Effect.context<never>())
  let killOptions: ChildProcess.KillOptions = { killSignal: "SIGTERM", forceKillAfter: grace }
  let alive = true
  let overflowed = false

  const failure = (text: string) => Effect.suspend(() => (alive ? fail(text) : Effect.void))

  const sendAll = (lines: ReadonlyArray<string>): Effect.Effect<void, string> => {
    for (const line of lines) {
      if (!alive) {
        return Effect.void
      }
      const message = Stdout.decodeLine(id, line)
      if (Result.isFailure(message)) {
        return Effect.fail(message.failure)
      }
      const problem = send(message.success)
      if (problem !== undefined) {
        return Effect.fail(problem)
      }
    }
    return Effect.void
  }

  const unfinished = Stdout.makeUnfinished()
  const stderr = yield* Effect.forkScoped(log.record(handle.stderr))
  const stdout = yield* handle.stdout.pipe(
    Stream.decodeText(),
    Stream.map(unfinished.note),
    Stream.splitLines,
    Stream.runForEachArray((lines) => Effect.suspend(() => sendAll(lines))),
    Effect.catch((problem) =>
      // What it has said about it on stderr is to be read first.
      typeof problem === "string" ? Effect.andThen(Effect.sleep(stderrGrace), failure(problem)) : Effect.void
    ),
    Effect.catchDefect((defect) => failure(`printed what nobody could take: ${String(defect)}`)),
    Effect.forkScoped
  )
  const drained = Fiber.awaitAll([stdout, stderr]).pipe(Effect.timeoutOption(drainTime), Effect.asVoid)

  const stdin = yield* Stream.fromEffectRepeat(Queue.takeBetween(input, 1, writeLines)).pipe(
    Stream.map((lines) => lines.join("")),
    Stream.encodeText,
    Stream.run(handle.stdin),
    // A process that has ended has no stdin either, but that it ended says more.
    Effect.catch(() =>
      Effect.sleep(Duration.times(drainTime, 2)).pipe(
        Effect.andThen(failure("closed its stdin, expected it to read messages there until the test is over"))
      )
    ),
    Effect.forkScoped
  )

  yield* handle.exitCode.pipe(
    Effect.map((code) => `exited with code ${code}`),
    Effect.catch((error) => Effect.succeed(`was ended by ${signalName(error)}`)),
    Effect.tap(drained),
    Effect.flatMap((how) => failure(`${how}, expected it to run until the test is over`)),
    Effect.forkScoped
  )

  yield* Effect.addFinalizer(() =>
    Effect.suspend(() => {
      alive = false
      return Fiber.interrupt(stdin)
    }).pipe(Effect.andThen(Effect.suspend(() => Effect.ignore(handle.kill(killOptions)))), Effect.andThen(drained))
  )

  const lifecycle: Lifecycle = {
    complaint: unfinished.complaint,
    deliver: (message) => {
      if (!alive || overflowed) {
        return
      }
      overflowed = !Queue.offerUnsafe(input, `${JSON.stringify(message)}\n`)
      if (overflowed) {
        runFork(failure(`does not read its stdin: ${inputLimit} messages wait there`))
      }
    },
    // `kill` sends the signal at once, and then waits for the process to end.
    signal: (killSignal) => Effect.raceFirst(Effect.ignore(handle.kill({ killSignal })), Effect.void),
    killOnClose: Effect.sync(() => {
      alive = false
      killOptions = { killSignal: "SIGKILL" }
    })
  }
  return lifecycle
})

/** How long after a bad line on stdout what the process said about it on stderr may come in. */
const stderrGrace = Duration.millis(50)

/** How long after a process has ended what it printed may come in: others may hold its pipes open. */
const drainTime = Duration.millis(150)

/** The most lines that go into one write: enough to be quick, and few enough for long lines to fit into a string. */
const writeLines = 64

/** The signal that ended a process is found nowhere but in the words of the platform's error. */
const signalName = ({ reason }: PlatformError.PlatformError): string =>
  /\bSIG\w+/.exec(`${String(reason.cause)} ${reason.message}`)?.[0] ?? reason.message
