/**
 * The built program as a child process whose ends of the pipes a test holds in its own hands.
 */
import { spawn } from "node:child_process"
import * as NodeStream from "@effect/platform-node/NodeStream"
import { Array, Deferred, Effect, Queue, Schema, Stream } from "effect"
import { Message } from "../../src/protocol/Message.ts"
import { Bundle } from "./Bundle.ts"

/** How a process ended: its exit code, or undefined if a signal ended it, and all that it wrote to stderr. */
export interface Ending {
  readonly code: number | undefined
  readonly stderr: string
}

/**
 * Starts `glomers` with these arguments. Its stdout is read no faster than lines are taken. A scope's end kills it if
 * it is still there.
 */
export const start = Effect.fnUntraced(function* (
  args: ReadonlyArray<string>,
  options: { readonly node?: string | undefined; readonly env?: Record<string, string> } = {}
) {
  const { executable } = yield* Bundle
  const child = yield* Effect.acquireRelease(
    Effect.sync(() =>
      spawn(options.node ?? process.execPath, [executable, ...args], { env: { ...process.env, ...options.env } })
    ),
    (child) => Effect.sync(() => child.kill("SIGKILL"))
  )
  // What is written to a process that has ended is lost, which is no failure of the test.
  child.stdin.on("error", () => {})

  const ending = yield* Deferred.make<Ending>()
  let stderr = ""
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text))
  child.stderr.on("close", () => {
    const end = () => Deferred.doneUnsafe(ending, Effect.succeed({ code: child.exitCode ?? undefined, stderr }))
    if (child.exitCode === null && child.signalCode === null) {
      child.once("exit", end)
    } else {
      end()
    }
  })

  const lines = yield* NodeStream.fromReadable({
    evaluate: () => child.stdout,
    onError: (cause) => new Error("stdout cannot be read", { cause })
  }).pipe(Stream.decodeText(), Stream.splitLines, Stream.toQueue({ capacity: 1 }))

  return {
    /** Puts text on its way to stdin without waiting until it is read. */
    write: (text: string) => Effect.sync(() => void child.stdin.write(text)),
    endInput: Effect.sync(() => void child.stdin.end()),
    signal: (signal: NodeJS.Signals) => Effect.sync(() => void child.kill(signal)),
    /** The reader of its stdout goes away. */
    closeOutput: Effect.sync(() => void child.stdout.destroy()),
    /** The reader of its stderr goes away. */
    closeErrors: Effect.sync(() => void child.stderr.destroy()),
    /** The next line of its stdout, which has to be a message. */
    message: Effect.flatMap(Queue.take(lines), decodeMessage),
    /** All further lines until the end of its stdout, which have to be messages. */
    messages: Effect.flatMap(
      Stream.runCollect(Stream.fromQueue(lines)),
      Effect.forEach((line) => decodeMessage(line))
    ),
    /** All further lines until the end of its stdout. */
    output: Effect.map(Stream.runCollect(Stream.fromQueue(lines)), Array.join("\n")),
    ending: Deferred.await(ending)
  }
})

/** Runs `glomers` to its end with empty stdin. */
export const run = Effect.fnUntraced(function* (args: ReadonlyArray<string>, env: Record<string, string> = {}) {
  const process = yield* start(args, { env })
  yield* process.endInput
  const stdout = yield* process.output
  return { stdout, ...(yield* process.ending) }
}, Effect.scoped)

/** A line that carries a message from `c1` to `n1`. */
export const line = (body: { readonly [key: string]: Schema.Json }): string =>
  `${JSON.stringify({ src: "c1", dest: "n1", body })}\n`

/** The `init` of node `n1`, with message id 1. */
export const init = line({ type: "init", msg_id: 1, node_id: "n1", node_ids: ["n1", "n2", "n3"] })

/** Echo requests with these message ids, which are their payloads too. */
export const echoes = (from: number, to: number): string =>
  Array.range(from, to)
    .map((i) => line({ type: "echo", msg_id: i, echo: i }))
    .join("")

const decodeMessage = Schema.decodeUnknownEffect(Schema.fromJsonString(Message))
