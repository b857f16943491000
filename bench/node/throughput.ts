/**
 * How long a node takes for many requests, from the start of its process to its end.
 */
import { Array, Effect, FileSystem, Schema } from "effect"
import { ChildProcess, ChildProcessSpawner } from "effect/process"
import type { Subject } from "./subjects.ts"

/** A node did not answer every request. */
class LostReplies extends Schema.TaggedError<LostReplies>()("LostReplies", {
  subject: Schema.String,
  count: Schema.Int
}) {
  override readonly message = `${this.subject} wrote ${this.count} lines`
}

/** A request's body but for its `msg_id`, by its number. */
export type Request = (i: number) => { readonly [key: string]: Schema.Json }

/** What the `echo` workload asks. */
export const echo: Request = (i) => ({ echo: `Please echo ${i % 128}`, type: "echo" })

/** A read and a write of registers of which ten at a time are in use, as the `txn-rw-register` workload asks. */
export const transaction: Request = (i) => ({
  txn: [
    ["r", Math.floor(i / 160) + (i % 10), null],
    ["w", Math.floor(i / 160) + (i % 7), i]
  ],
  type: "txn"
})

/** Hands on a file with an `init` and so many requests as Maelstrom writes them. It is warm: just written. */
export const withRequests = Effect.fnUntraced(function* <A, E, R>(
  request: Request,
  count: number,
  use: (file: string) => Effect.Effect<A, E, R>
) {
  const fs = yield* FileSystem.FileSystem
  const file = yield* fs.makeTempFileScoped({ prefix: "glomers-bench-" })
  const init = { type: "init", msg_id: 1, node_id: "n0", node_ids: ["n0"] }
  const requests = Array.makeBy(count, (i) => ({ ...request(i), msg_id: i + 2 }))
  const lines = [init, ...requests].map((body, id) => `${JSON.stringify({ id, src: "c1", dest: "n0", body })}\n`)
  yield* fs.writeFileString(file, lines.join(""))
  return yield* use(file)
}, Effect.scoped)

/**
 * Runs a node from a file into a pipe that `wc` reads, and makes sure that all replies are there. Its stderr is a pipe
 * that is read as well, as under Maelstrom.
 */
export const throughput = Effect.fnUntraced(function* (subject: Subject, file: string, count: number) {
  const spawner = yield* ChildProcessSpawner.ChildProcessSpawner
  const script = `{ "$@" < "$0" 2>&1 >&3 | cat > /dev/null; } 3>&1 | wc -l`
  const [duration, output] = yield* Effect.timed(
    spawner.string(ChildProcess.make("sh", ["-c", script, file, subject.command, ...subject.args]))
  )
  return Number(output) === count + 1
    ? duration
    : yield* new LostReplies({ subject: subject.name, count: Number(output) })
})
