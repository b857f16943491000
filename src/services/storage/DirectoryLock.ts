/**
 * Lock of a folder: one process uses it at a time.
 *
 * A file with the process's id, which is left behind by a process that is killed, and then taken over.
 */
import { Effect, FileSystem, type PlatformError, type Scope } from "effect"
import { StorageError } from "./StorageError.ts"

/**
 * Locks a folder, which must exist, for this process until the scope closes. Fails with `StorageError` while another
 * process that is alive has it.
 */
export const acquire = Effect.fn("DirectoryLock.acquire")(function* (
  folder: string
): Effect.fn.Return<void, StorageError, FileSystem.FileSystem | Scope.Scope> {
  const fileSystem = yield* FileSystem.FileSystem
  const lock = `${folder}/lock`
  const own = String(process.pid)
  const aside = `${lock}.${own}`

  // Linked when it is written, so that nobody ever sees it empty.
  const create = fileSystem
    .writeFileString(aside, own)
    .pipe(Effect.andThen(fileSystem.link(aside, lock)), Effect.ensuring(Effect.ignore(fileSystem.remove(aside))))

  const takeOver = Effect.gen(function* () {
    const holder = yield* fileSystem.readFileString(lock)
    if (holder !== own && (yield* isAlive(Number(holder)))) {
      return yield* new StorageError({
        text: `${folder} is in use by process ${holder}: expected a folder of its own (if that is no node, remove ${lock})`
      })
    }
    yield* fileSystem.rename(lock, aside)
    // Of several that find a lock left behind, one may move away what another has just made.
    if ((yield* fileSystem.readFileString(aside)) !== holder) {
      yield* Effect.ignore(fileSystem.link(aside, lock))
    }
    yield* fileSystem.remove(aside)
  }).pipe(Effect.catchIf(isOf("NotFound"), () => Effect.void))

  const attempt: Effect.Effect<void, PlatformError.PlatformError | StorageError> = Effect.catchIf(
    create,
    isOf("AlreadyExists"),
    () => Effect.andThen(takeOver, attempt)
  )
  yield* Effect.acquireRelease(
    Effect.mapError(attempt, (error) => (error._tag === "StorageError" ? error : StorageError.because(error))),
    () => Effect.ignore(fileSystem.remove(lock))
  )
})

const isOf =
  (tag: PlatformError.SystemErrorTag) =>
  (error: PlatformError.PlatformError | StorageError): error is PlatformError.PlatformError =>
    error._tag === "PlatformError" && error.reason._tag === tag

/** Whether there is a process of this id, be it one of somebody else. */
const isAlive = (pid: number): Effect.Effect<boolean> =>
  Effect.try({
    // 0 would be all processes of this one's group.
    try: () => pid > 0 && process.kill(pid, 0),
    catch: (error) => (error as NodeJS.ErrnoException).code
  }).pipe(
    Effect.catch((code) => Effect.succeed(code === "EPERM")),
    Effect.map(Boolean)
  )
