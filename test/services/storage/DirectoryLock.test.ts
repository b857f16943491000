import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import { assert, layer } from "@effect/vitest"
import { Effect, FileSystem, Scope, Exit } from "effect"
import * as DirectoryLock from "../../../src/services/storage/DirectoryLock.ts"

/** A process id that no process has: above what Linux gives to any. */
const gone = "99999999"

layer(NodeFileSystem.layer)("DirectoryLock", (it) => {
  const folderWith = Effect.fnUntraced(function* (holder?: string) {
    const fileSystem = yield* FileSystem.FileSystem
    const folder = yield* fileSystem.makeTempDirectoryScoped()
    if (holder !== undefined) {
      yield* fileSystem.writeFileString(`${folder}/lock`, holder)
    }
    return { folder, fileSystem }
  })

  it.effect("is there while the scope is open, and gone afterwards", () =>
    Effect.gen(function* () {
      const { fileSystem, folder } = yield* folderWith()
      const scope = yield* Scope.make()
      yield* Scope.provide(DirectoryLock.acquire(folder), scope)
      assert.strictEqual(yield* fileSystem.readFileString(`${folder}/lock`), String(process.pid))
      yield* Scope.close(scope, Exit.void)
      assert.deepStrictEqual(yield* fileSystem.readDirectory(folder), [])
    })
  )

  it.effect("refuses a folder that a living process has, and leaves its lock alone", () =>
    Effect.gen(function* () {
      // The parent of this process, and one of somebody else perhaps.
      for (const holder of [String(process.ppid), "1"]) {
        const { fileSystem, folder } = yield* folderWith(holder)
        const error = yield* Effect.flip(DirectoryLock.acquire(folder))
        assert.strictEqual(
          error.text,
          `${folder} is in use by process ${holder}: expected a folder of its own (if that is no node, remove ${folder}/lock)`
        )
        assert.strictEqual(yield* fileSystem.readFileString(`${folder}/lock`), holder)
      }
    }).pipe(Effect.scoped)
  )

  it.effect.each([
    { of: "a process that is gone", holder: gone },
    { of: "an earlier process of this id", holder: String(process.pid) },
    { of: "nobody that can be told", holder: "" }
  ])("takes over the lock of $of", ({ holder }) =>
    Effect.gen(function* () {
      const { fileSystem, folder } = yield* folderWith(holder)
      yield* DirectoryLock.acquire(folder)
      assert.strictEqual(yield* fileSystem.readFileString(`${folder}/lock`), String(process.pid))
      assert.deepStrictEqual(yield* fileSystem.readDirectory(folder), ["lock"])
    }).pipe(Effect.scoped)
  )

  it.effect("fails where the folder cannot be written", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(DirectoryLock.acquire("/proc/no-such-folder"))
      assert.match(error.text, /^the disk failed: .*\/proc\/no-such-folder\/lock/)
      assert.notInclude(error.text, "\n")
    }).pipe(Effect.scoped)
  )
})
