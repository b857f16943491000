/**
 * Durable storage of a node: append-only logs on its disk, which outlive a crash.
 */
import { Context, Effect, FileSystem, Layer, type Schema, type Scope } from "effect"
import type { NodeId } from "../protocol/NodeId.ts"
import * as DirectoryLock from "./storage/DirectoryLock.ts"
import * as LogFile from "./storage/LogFile.ts"
import { StorageError } from "./storage/StorageError.ts"

/**
 * What a node keeps on its disk: for strategies that promise `Durability` `synced`. A log is opened when the behaviour
 * is built, and gives back what the node had stored before it crashed.
 *
 * ```ts
 * const { log, recovered } = yield* (yield* Storage).open("values", Schema.Int)
 * log.append(7)
 * yield* log.sync.pipe(Effect.mapError(StorageError.toCrash)) // now it may be acknowledged
 * ```
 */
export class Storage extends Context.Service<
  Storage,
  {
    /**
     * Opens the log of this name until the scope closes, and creates it if there is none. Each is opened once; its name
     * is that of a file. Fails where the disk does, where the log is damaged, and where there is no disk.
     */
    open<A>(
      name: string,
      record: Schema.Codec<A, Schema.Json>
    ): Effect.Effect<LogFile.Opened<A>, StorageError, Scope.Scope>
  }
>()("glomers/services/Storage") {
  /** Logs as files of a folder, which is created if there is none, and which nobody else uses. */
  static readonly layer = (folder: string): Layer.Layer<Storage, StorageError, FileSystem.FileSystem> =>
    Layer.effect(
      Storage,
      Effect.suspend(() => make(folder))
    )

  /** The same, where another process may come to use the folder: one of the two is refused. */
  static readonly layerLocked = (folder: string): Layer.Layer<Storage, StorageError, FileSystem.FileSystem> =>
    Layer.effect(
      Storage,
      Effect.suspend(() => Effect.tap(make(folder), () => DirectoryLock.acquire(folder)))
    )

  /** No disk. A node whose strategy needs one does not start. */
  static readonly layerNone = Layer.succeed(
    Storage,
    Storage.of({ open: () => Effect.fail(new StorageError({ text: "this node has no disk to store anything on" })) })
  )
}

const make = Effect.fnUntraced(function* (folder: string) {
  const fileSystem = yield* FileSystem.FileSystem
  yield* fileSystem.makeDirectory(folder, { recursive: true }).pipe(Effect.mapError(StorageError.because))
  return Storage.of({
    open: (name, record) => Effect.provideService(LogFile.open(folder, name, record), FileSystem.FileSystem, fileSystem)
  })
})

/** Where the node that `init` names stores what it keeps. By default it has no disk. */
export const StorageOfNode = Context.Reference<(node: NodeId) => Layer.Layer<Storage, StorageError>>(
  "glomers/services/Storage/StorageOfNode",
  { defaultValue: () => () => Storage.layerNone }
)
