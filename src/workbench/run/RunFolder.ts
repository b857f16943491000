/**
 * Stores runs in folders as Maelstrom has them: results, history, messages and logs.
 *
 * `<directory>/<workload>/<time>-seed-<seed>/` holds `results.json`, `history.jsonl`, the same for people in
 * `history.txt`, `messages.jsonl` and `node-logs/<node>.log`. `<directory>/<workload>/latest` and `<directory>/latest`
 * are links to the last one.
 */
import { Clock, DateTime, Effect, FileSystem, identity, Path, type PlatformError } from "effect"
import type { WorkloadName } from "../workloads/Workloads.ts"
import * as HistoryText from "../history/HistoryText.ts"
import { type HistoryError, save } from "../history/HistoryFile.ts"
import type { JournalEntry } from "../network/Journal.ts"
import type { TestRecord } from "./TestProgram.ts"

/** A folder for a run that is about to begin, so that no other run has it. */
export const makeFolder = Effect.fn("RunFolder.makeFolder")(function* (
  directory: string,
  workload: WorkloadName,
  seed: number
) {
  const fileSystem = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const now = DateTime.makeUnsafe(yield* Clock.currentTimeMillis)
  const time = DateTime.formatIso(now).replaceAll(/[-:]/g, "")
  const folder = path.join(directory, workload, `${time}-seed-${seed}`)
  yield* fileSystem.makeDirectory(folder, { recursive: true })
  return folder
})

/** The folder of the nodes' logs in a run's folder. */
export const nodeLogs = (folder: string): Effect.Effect<string, never, Path.Path> =>
  Effect.map(Path.Path, (path) => path.join(folder, "node-logs"))

/** Forgets a run. */
export const removeFolder = Effect.fn("RunFolder.removeFolder")(function* (folder: string) {
  const fileSystem = yield* FileSystem.FileSystem
  yield* fileSystem.remove(folder, { recursive: true })
})

/** Writes all that a run left behind. `results` becomes `results.json`. */
export const write = Effect.fn("RunFolder.write")(function* (
  folder: string,
  record: TestRecord,
  results: unknown
): Effect.fn.Return<void, PlatformError.PlatformError | HistoryError, FileSystem.FileSystem | Path.Path> {
  const fileSystem = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const logs = yield* nodeLogs(folder)
  yield* fileSystem.makeDirectory(logs, { recursive: true })
  yield* fileSystem.writeFileString(path.join(folder, "results.json"), `${JSON.stringify(results, undefined, 2)}\n`)
  yield* save(path.join(folder, "history.jsonl"), record.history)
  yield* writeLines(path.join(folder, "history.txt"), record.history, HistoryText.line)
  yield* writeLines(path.join(folder, "messages.jsonl"), record.journal, messageLine)
  yield* Effect.forEach(
    Object.entries(record.logs),
    ([node, lines]) => writeLines(path.join(logs, `${node}.log`), lines, identity),
    { discard: true }
  )
  yield* link(folder)
})

/** Makes a run's folder the latest. */
const link = Effect.fnUntraced(function* (folder: string) {
  const path = yield* Path.Path
  const ofWorkload = path.dirname(folder)
  const all = path.dirname(ofWorkload)
  yield* replaceLink(path.join(ofWorkload, "latest"), path.basename(folder))
  yield* replaceLink(path.join(all, "latest"), path.relative(all, folder))
})

// By renaming a new link, since another run may be doing the same.
const replaceLink = Effect.fnUntraced(function* (link: string, target: string) {
  const fileSystem = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const fresh = `${link}-${path.basename(target)}`
  yield* fileSystem.remove(fresh, { force: true })
  yield* fileSystem.symlink(target, fresh)
  yield* fileSystem.rename(fresh, link)
})

const messageLine = ({ event, message, timeNanos }: JournalEntry): string =>
  JSON.stringify({ time: Math.round(timeNanos), event, message })

/** Writes a line for each item, a piece at a time: all together may be longer than a string can be. */
const writeLines = Effect.fnUntraced(function* <A>(file: string, items: ReadonlyArray<A>, line: (item: A) => string) {
  const fileSystem = yield* FileSystem.FileSystem
  const handle = yield* fileSystem.open(file, { flag: "w" })
  const encoder = new TextEncoder()
  let piece = ""
  for (const [index, item] of items.entries()) {
    piece += `${line(item)}\n`
    if (piece.length >= pieceLength || index === items.length - 1) {
      yield* handle.writeAll(encoder.encode(piece))
      piece = ""
    }
  }
}, Effect.scoped)

/** About how many characters are written at once. */
const pieceLength = 1 << 20
