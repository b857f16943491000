/**
 * Histories as files: an entry a line, ours in JSON and Jepsen's in EDN, compressed if the name ends in `.gz`.
 */
import { Effect, FileSystem, Result, Schema } from "effect"
import * as Zlib from "node:zlib"
import { truncate } from "../../protocol/Excerpt.ts"
import { parse } from "../json/ExactNumber.ts"
import { isEdn, parse as parseEdn } from "./EdnEntry.ts"
import { type History, Operation } from "./Operation.ts"

/**
 * A history that cannot be loaded or saved.
 *
 * - `file`: the path as it was given.
 * - `line`: the line that is wrong, from 1; absent if the file as a whole is.
 * - `problem`: what is wrong, for people.
 */
export class HistoryError extends Schema.TaggedError<HistoryError>()("HistoryError", {
  file: Schema.String,
  line: Schema.optionalKey(Schema.Int),
  problem: Schema.String
}) {
  override get message(): string {
    return `${this.file}${this.line === undefined ? "" : `:${this.line}`}: ${this.problem}`
  }
}

/**
 * Reads a history of ours (`.jsonl`, `.jsonl.gz`) or of Jepsen (`.edn`); each line says of itself which of them it is.
 *
 * Every entry is checked against the `Operation` schema, and its index against its place. Numbers that JavaScript
 * cannot tell apart are kept apart (see `ExactNumber`).
 */
export const load = Effect.fn("HistoryFile.load")(function* (
  file: string
): Effect.fn.Return<History, HistoryError, FileSystem.FileSystem> {
  const fileSystem = yield* FileSystem.FileSystem
  const content = yield* fileSystem.readFile(file).pipe(Effect.mapError(problemOf(file)))
  const bytes = isCompressed(file) ? yield* compression(file, Zlib.gunzip, content) : content
  const history: Array<Operation> = []
  let line = 0
  for (const text of linesOf(bytes)) {
    line++
    if (text.trim() === "") {
      continue
    }
    const operation = decodeLine(text, history.length)
    if (Result.isFailure(operation)) {
      return yield* new HistoryError({ file, line, problem: operation.failure })
    }
    if (operation.success.index !== history.length) {
      const problem = `index ${operation.success.index} where ${history.length} is next`
      return yield* new HistoryError({ file, line, problem })
    }
    history.push(operation.success)
  }
  return history
})

/** Writes a history to a `.jsonl` or `.jsonl.gz` file, in place of what was there. */
export const save = Effect.fn("HistoryFile.save")(function* (
  file: string,
  history: History
): Effect.fn.Return<void, HistoryError, FileSystem.FileSystem> {
  const fileSystem = yield* FileSystem.FileSystem
  const text = yield* Effect.try({
    try: () => history.map((operation) => `${JSON.stringify(operation)}\n`).join(""),
    catch: problemOf(file)
  })
  const content = new TextEncoder().encode(text)
  const bytes = isCompressed(file) ? yield* compression(file, Zlib.gzip, content) : content
  yield* fileSystem.writeFile(file, bytes).pipe(Effect.mapError(problemOf(file)))
})

const isCompressed = (file: string): boolean => file.endsWith(".gz")

const problemOf =
  (file: string) =>
  (cause: unknown): HistoryError =>
    new HistoryError({ file, problem: messageOf(cause) })

const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause))

const compression = (
  file: string,
  transform: (input: Uint8Array, done: (error: Error | null, output: Uint8Array) => void) => void,
  input: Uint8Array
): Effect.Effect<Uint8Array, HistoryError> =>
  Effect.callback((resume) => {
    transform(input, (error, output) =>
      resume(error === null ? Effect.succeed(output) : Effect.fail(problemOf(file)(error)))
    )
  })

const newline = 0x0a

// Line by line, since a whole history may be longer than the longest possible string.
function* linesOf(bytes: Uint8Array): Generator<string> {
  const decoder = new TextDecoder()
  let start = 0
  while (start < bytes.length) {
    const found = bytes.indexOf(newline, start)
    const end = found === -1 ? bytes.length : found
    yield decoder.decode(bytes.subarray(start, end))
    start = end + 1
  }
}

const decodeOperation = Schema.decodeUnknownResult(Operation)

const decodeLine = (text: string, place: number): Result.Result<Operation, string> => {
  const edn = isEdn(text)
  return Result.try({
    try: () => (edn ? parseEdn(text, place) : parse(text)),
    catch: () =>
      `expected an entry of a history, as ${edn ? "EDN of Jepsen" : "a JSON object"}, got ${truncate(text.replaceAll(/\p{C}/gu, "?"), shown)}`
  }).pipe(
    Result.flatMap((value) =>
      Result.mapError(decodeOperation(value), ({ message }) => `expected an entry of a history: ${message}`)
    )
  )
}

/** How many characters of what is no entry are shown. */
const shown = 80
