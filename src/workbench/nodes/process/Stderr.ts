/**
 * Records what a node prints on its stderr: as it is in a file, and the last lines of it in memory.
 */
import { Effect, FileSystem, Path, type PlatformError, type Scope, Stream } from "effect"
import type { NodeId } from "../../../protocol/NodeId.ts"

export interface StderrLog {
  /** Takes all that is printed until it ends. What cannot be read or written is lost. */
  record(stderr: Stream.Stream<Uint8Array, PlatformError.PlatformError>): Effect.Effect<void>

  /** The last lines, oldest first: {@link keptLines} at most. */
  readonly lines: () => ReadonlyArray<string>
}

/** How many lines are kept in memory. */
const keptLines = 1000

/** How much of a line is kept in memory, in characters. */
const keptLength = 4000

/**
 * Starts an empty log. With a `directory`, all goes to the file `<node>.log` in it; with `show`, every line is logged
 * too.
 */
export const make = Effect.fnUntraced(function* (
  id: NodeId,
  { directory, show }: { readonly directory: string | undefined; readonly show: boolean }
): Effect.fn.Return<StderrLog, PlatformError.PlatformError, Scope.Scope | FileSystem.FileSystem | Path.Path> {
  const file = directory === undefined ? undefined : yield* open(directory, `${id}.log`)
  const kept: Array<string> = []

  const keep = (lines: ReadonlyArray<string>) =>
    Effect.sync(() => {
      for (const line of lines) {
        kept.push(line.slice(0, keptLength))
      }
      if (kept.length > 2 * keptLines) {
        kept.splice(0, kept.length - keptLines)
      }
    })
  const write = (bytes: Uint8Array) =>
    file === undefined ? Effect.void : Effect.ignore(file.writeAll(bytes), { log: "Warn" })
  const showAll = (lines: ReadonlyArray<string>) =>
    show ? Effect.forEach(lines, (line) => Effect.logInfo(`${id}: ${line}`), { discard: true }) : Effect.void

  return {
    lines: () => kept.slice(-keptLines),
    record: (stderr) =>
      stderr.pipe(
        Stream.tap(write),
        Stream.decodeText(),
        Stream.splitLines,
        Stream.runForEachArray((lines) => Effect.andThen(keep(lines), showAll(lines))),
        Effect.ignore
      )
  }
})

const open = Effect.fnUntraced(function* (directory: string, name: string) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  yield* fs.makeDirectory(directory, { recursive: true })
  return yield* fs.open(path.join(directory, name), { flag: "w" })
})
