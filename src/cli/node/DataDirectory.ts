/**
 * `--data-dir`: the folder in which each node has one of its own for what it stores.
 */
import { Effect, FileSystem, Layer, Path } from "effect"
import { Storage, StorageOfNode } from "../../services/Storage.ts"

/** Lets a node store what it keeps in `<directory>/<node id>`, once `init` has said who it is. */
export const layer = (directory: string) =>
  Layer.effect(
    StorageOfNode,
    Effect.gen(function* () {
      const path = yield* Path.Path
      const fileSystem = Layer.succeed(FileSystem.FileSystem, yield* FileSystem.FileSystem)
      return (node) => Layer.provide(Storage.layerLocked(path.join(directory, folderName(node))), fileSystem)
    })
  )

/** A node may be named as it likes, and a folder not. */
const folderName = (node: string): string => encodeURIComponent(node).replace(/^\./, "%2E")
