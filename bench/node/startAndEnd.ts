/**
 * Start-up time, memory and shutdown time of a node.
 */
import { type Cause, type Duration, Effect, FileSystem, Option, Queue, Stream } from "effect"
import { ChildProcess } from "effect/process"
import type { Subject } from "./subjects.ts"

/** What starting a node and ending it took. */
export interface StartAndEnd {
  /** From the start of the process to `init_ok`. */
  readonly startUp: Duration.Duration
  /** Resident memory half a second after `init_ok`, where `/proc` tells. */
  readonly memoryBytes: number | undefined
  /** From the end of stdin to the exit of the process. */
  readonly endOfInput: Duration.Duration
  /** From SIGTERM to the exit of the process. */
  readonly sigterm: Duration.Duration
}

/** Starts a node twice, and ends it in either way. */
export const startAndEnd = Effect.fnUntraced(function* (subject: Subject) {
  const first = yield* withNode(subject, ({ endInput, exit, pid }) =>
    Effect.gen(function* () {
      yield* Effect.sleep("500 millis")
      const memoryBytes = yield* residentMemory(pid)
      const [endOfInput] = yield* Effect.timed(Effect.andThen(endInput, exit))
      return { memoryBytes, endOfInput }
    })
  )
  const second = yield* withNode(subject, ({ exit, terminate }) =>
    Effect.map(Effect.timed(Effect.andThen(terminate, exit)), ([sigterm]) => ({ sigterm }))
  )
  return { ...first, ...second } satisfies StartAndEnd
})

const init = `${JSON.stringify({
  id: 0,
  src: "c0",
  dest: "n0",
  body: { type: "init", msg_id: 1, node_id: "n0", node_ids: ["n0"] }
})}\n`

interface RunningNode {
  readonly pid: number
  readonly endInput: Effect.Effect<unknown>
  readonly terminate: Effect.Effect<void>
  readonly exit: Effect.Effect<unknown>
}

const withNode = Effect.fnUntraced(function* <A, E, R>(
  { args, command }: Subject,
  use: (node: RunningNode) => Effect.Effect<A, E, R>
) {
  const input = yield* Queue.unbounded<string, Cause.Done>()
  yield* Queue.offer(input, init)
  const start = Effect.gen(function* () {
    const handle = yield* ChildProcess.make(command, args, {
      stdin: Stream.encodeText(Stream.fromQueue(input)),
      stderr: "ignore"
    })
    const output = yield* Stream.toQueue(handle.stdout, { capacity: "unbounded" })
    yield* Queue.take(output)
    return handle
  })
  const [startUp, handle] = yield* Effect.timed(start)
  const result = yield* use({
    pid: handle.pid,
    endInput: Queue.end(input),
    terminate: Effect.sync(() => void process.kill(handle.pid, "SIGTERM")),
    // A node that a signal ends has no exit code, which is a failure to the process module, but an end all the same.
    exit: Effect.ignore(handle.exitCode)
  })
  return { startUp, ...result }
}, Effect.scoped)

const residentMemory = Effect.fnUntraced(function* (pid: number) {
  const fs = yield* FileSystem.FileSystem
  const status = yield* Effect.option(fs.readFileString(`/proc/${pid}/status`))
  const kibibytes = Option.getOrElse(status, () => "").match(/^VmRSS:\s+(\d+) kB$/m)?.[1]
  return kibibytes === undefined ? undefined : Number(kibibytes) * 1024
})
