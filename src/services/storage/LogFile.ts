/**
 * Append-only log in a file: recovers its records, appends to it with group commit, and replaces it atomically.
 */
import { Effect, Exit, FileSystem, Result, Schema, Scope } from "effect"
import { explain } from "../../protocol/Malformed.ts"
import * as GroupCommit from "../GroupCommit.ts"
import * as LogFormat from "./LogFormat.ts"
import { StorageError } from "./StorageError.ts"

/** A log of records, appended to by one node. */
export interface StorageLog<A> {
  /**
   * Appends a record, without I/O: {@link sync} writes it. Records have the order of their calls. What is appended is
   * held in memory until a sync, or a replacement, succeeds.
   */
  append(record: A): void

  /**
   * Completes once all that was appended before is on the disk. Calls at the same time share one write. After a failure
   * nobody knows what is on the disk; the records are not forgotten, and the next call writes them again.
   */
  readonly sync: Effect.Effect<void, StorageError>

  /**
   * Replaces the whole log, what was appended before this call included, by these records: a checkpoint. After a crash
   * either the old log or the new one is there. Begins with the call, run or not, so that what is appended after it
   * comes behind them. Completes, and fails, as {@link sync} does; until then the old log counts, and a failure leaves
   * what was not synced to the next call.
   */
  replace(records: Iterable<A>): Effect.Effect<void, StorageError>

  /** How many records it has, those that are not on the disk yet included; to know when a checkpoint pays. */
  readonly length: number
}

/** A log as it was found. `recovered` is what was on the disk, in order; let it go when it has been read. */
export interface Opened<A> {
  readonly recovered: ReadonlyArray<A>
  readonly log: StorageLog<A>
}

/**
 * Opens the log `<folder>/<name>.log`, which is created if there is none, until the scope closes. Cuts off a torn
 * write; fails with `StorageError` where the file is damaged in another way, holds something else, or cannot be read or
 * written.
 */
export const open = Effect.fn("LogFile.open")(function* <A>(
  folder: string,
  name: string,
  record: Schema.Codec<A, Schema.Json>
): Effect.fn.Return<Opened<A>, StorageError, FileSystem.FileSystem | Scope.Scope> {
  const fileSystem = yield* FileSystem.FileSystem
  const scope = yield* Effect.scope
  const path = `${folder}/${name}.log`
  const orStorageError = Effect.mapError(StorageError.because)
  const openFile = Effect.fnUntraced(function* (path: string) {
    const own = yield* Scope.fork(scope)
    const close = Scope.close(own, Exit.void)
    const handle = yield* fileSystem.open(path, { flag: "a" }).pipe(
      Scope.provide(own),
      Effect.onError(() => close)
    )
    return { handle, close }
  })
  // What a folder lists is on the disk only when the folder itself is synced.
  const syncFolder = Effect.scoped(Effect.flatMap(fileSystem.open(folder), ({ sync }) => sync))
  const encodeRecord = Schema.encodeSync(record)
  const encode = (value: A) => JSON.stringify(encodeRecord(value))

  let file = yield* orStorageError(openFile(path))
  const bytes = yield* orStorageError(fileSystem.readFile(path))
  const { goodBytes, records } = yield* contentsOf(path, bytes)
  const recovered = yield* decode(path, record, records)
  if (goodBytes < bytes.length) {
    yield* Effect.logWarning("Cut off a torn write at the end of a log", { path, bytes: bytes.length - goodBytes })
    yield* orStorageError(file.handle.truncate(goodBytes))
  }
  // What was read may be in the page cache alone, and what is done from now on is built upon it.
  yield* orStorageError(Effect.andThen(file.handle.sync, syncFolder))

  /** What is on the disk for certain; beyond it there may be anything if `isClean` is false. */
  let syncedBytes = goodBytes
  let isClean = true
  let isListed = true
  /** What is not, the first of which is the record `firstPending` of all that were ever appended. */
  const pending: Array<string> = []
  let firstPending = 0
  let stored = recovered.length

  const settle = (end: number) => {
    pending.splice(0, Math.max(0, end - firstPending))
    firstPending = Math.max(firstPending, end)
  }

  /** Writes what is pending up to `end`: what comes behind it may be part of a replacement that waits. */
  const write = Effect.fnUntraced(function* (end: number) {
    if (!isListed) {
      yield* syncFolder
      isListed = true
    }
    const count = end - firstPending
    if (count <= 0) {
      return
    }
    const frame = LogFormat.frame(pending.slice(0, count))
    // After a failed sync, pages count as clean that are not on the disk: another sync would say that they are.
    if (!isClean) {
      yield* file.handle.truncate(syncedBytes)
    }
    isClean = false
    yield* file.handle.writeAll(frame)
    yield* file.handle.sync
    isClean = true
    syncedBytes += frame.length
    stored += count
    settle(end)
  })

  const replaceBy = Effect.fnUntraced(function* (texts: ReadonlyArray<string>, end: number) {
    const whole = LogFormat.file(texts)
    const next = yield* openFile(`${path}.new`)
    yield* Effect.gen(function* () {
      yield* next.handle.truncate(0)
      yield* next.handle.writeAll(whole)
      yield* next.handle.sync
      yield* fileSystem.rename(`${path}.new`, path)
    }).pipe(Effect.onError(() => next.close))
    const { close } = file
    file = next
    syncedBytes = whole.length
    isClean = true
    isListed = false
    stored = texts.length
    settle(end)
    yield* close
  })

  const commits = yield* GroupCommit.make({
    run: Effect.fnUntraced(function* (batch: ReadonlyArray<Request>) {
      const replacement = batch.findLast(({ texts }) => texts !== undefined)
      if (replacement?.texts !== undefined) {
        yield* replaceBy(replacement.texts, replacement.end)
      }
      yield* write(batch.at(-1)!.end)
      return batch.map(() => undefined)
    }, orStorageError)
  })

  const log: StorageLog<A> = {
    append: (value) => void pending.push(encode(value)),
    sync: Effect.suspend(() =>
      pending.length === 0 && isListed ? Effect.void : commits.submit({ end: firstPending + pending.length })
    ),
    replace: (values) =>
      // At once: what is appended after the call must not be taken for something that the records hold.
      commits.submitUnsafe({ texts: Array.from(values, encode), end: firstPending + pending.length }),
    get length() {
      return stored + pending.length
    }
  }
  return { recovered, log }
})

const contentsOf = (path: string, bytes: Uint8Array): Effect.Effect<LogFormat.Contents, StorageError> =>
  Result.match(LogFormat.read(bytes), {
    onSuccess: Effect.succeed,
    onFailure: ({ byte, record }) =>
      Effect.fail(
        new StorageError({
          text: `${path} is damaged: record ${record}, at byte ${byte}, is bad, and others follow it`
        })
      )
  })

const decode = <A>(
  path: string,
  schema: Schema.Codec<A, Schema.Json>,
  records: ReadonlyArray<Schema.Json>
): Effect.Effect<ReadonlyArray<A>, StorageError> => {
  const decodeRecord = Schema.decodeUnknownResult(schema)
  const decoded: Array<A> = []
  for (const json of records) {
    const result = decodeRecord(json)
    if (Result.isFailure(result)) {
      const text = `${path}: record ${decoded.length + 1} is none of this node's: ${explain(result.failure)}`
      return Effect.fail(new StorageError({ text }))
    }
    decoded.push(result.success)
  }
  return Effect.succeed(decoded)
}

/** To bring the first `end` of all records that were ever appended to the disk, or `texts` in place of them. */
interface Request {
  readonly end: number
  readonly texts?: ReadonlyArray<string>
}
