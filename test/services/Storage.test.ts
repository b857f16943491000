import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import { assert, layer } from "@effect/vitest"
import { Context, Effect, Exit, Fiber, FileSystem, Layer, PlatformError, Schema, Scope } from "effect"
import { Storage } from "../../src/services/Storage.ts"
import * as LogRecorder from "./LogRecorder.ts"

const temporaryFolder = FileSystem.FileSystem.use((fileSystem) => fileSystem.makeTempDirectoryScoped())

/** Opens a log as a node that starts would; `stop` ends that node. */
const open = Effect.fnUntraced(function* (folder: string, name = "items") {
  const scope = yield* Effect.acquireRelease(Scope.make(), (scope) => Scope.close(scope, Exit.void))
  const storage = Context.get(yield* Layer.buildWithScope(Storage.layer(folder), scope), Storage)
  const opened = yield* Scope.provide(storage.open(name, Schema.Json), scope)
  return { ...opened, stop: Scope.close(scope, Exit.void) }
})

const recoveredOf = (folder: string, name = "items") =>
  Effect.scoped(Effect.map(open(folder, name), ({ recovered }) => recovered))

const append = (folder: string, ...records: ReadonlyArray<Schema.Json>) =>
  Effect.scoped(
    Effect.gen(function* () {
      const { log } = yield* open(folder)
      for (const record of records) {
        log.append(record)
      }
      yield* log.sync
    })
  )

const fork = <A, E>(effect: Effect.Effect<A, E>) => Effect.forkChild(effect, { startImmediately: true })

/** A file system whose files count their operations, and some of whose operations fail. */
const makeWatched = Effect.gen(function* () {
  const real = yield* FileSystem.FileSystem
  const done: Array<string> = []
  const failing = new Set<string>()
  const watched = <A>(name: string, effect: Effect.Effect<A, PlatformError.PlatformError>) =>
    Effect.suspend(() => {
      done.push(name)
      return failing.has(name)
        ? Effect.fail(PlatformError.systemError({ _tag: "Unknown", module: "FileSystem", method: name }))
        : effect
    })
  const fileSystem: FileSystem.FileSystem = {
    ...real,
    open: (path, options) =>
      Effect.map(real.open(path, options), (file): FileSystem.File => {
        const kind = options?.flag === undefined ? "folder" : path.endsWith(".new") ? "new" : "file"
        return {
          ...file,
          stat: file.stat,
          sync: watched(`sync ${kind}`, file.sync),
          truncate: (size) => watched(`truncate ${kind}`, file.truncate(size)),
          // Fails after it has written a part, as a full disk does.
          writeAll: (bytes) =>
            failing.has(`write ${kind}`)
              ? Effect.andThen(
                  file.writeAll(bytes.subarray(0, bytes.length / 2)),
                  watched(`write ${kind}`, Effect.void)
                )
              : watched(`write ${kind}`, file.writeAll(bytes))
        }
      }),
    rename: (from, to) => watched("rename", real.rename(from, to))
  }
  return { done, failing, layer: Layer.succeed(FileSystem.FileSystem, fileSystem) }
})

layer(NodeFileSystem.layer)("Storage", (it) => {
  it.effect("gives back what was synced, in order, and nothing at first", () =>
    Effect.gen(function* () {
      const folder = `${yield* temporaryFolder}/a/n0`
      assert.deepStrictEqual(yield* recoveredOf(folder), [])
      yield* append(folder, 1, { two: ["zwei", null] })
      yield* append(folder, "three\nlines\u2028")
      assert.deepStrictEqual(yield* recoveredOf(folder), [1, { two: ["zwei", null] }, "three\nlines\u2028"])
      assert.deepStrictEqual(yield* recoveredOf(folder, "others"), [])
    })
  )

  it.effect(
    "has what it gives back on the disk for certain, since a process that was killed may not have synced it",
    () =>
      Effect.gen(function* () {
        const folder = yield* temporaryFolder
        yield* append(folder, 1)
        const { done, layer } = yield* makeWatched
        yield* Effect.provide(open(folder), layer)
        assert.deepStrictEqual(done, ["sync file", "sync folder"])
      })
  )

  it.effect("keeps what is appended in memory until it is synced, and knows how many records there are", () =>
    Effect.gen(function* () {
      const folder = yield* temporaryFolder
      yield* append(folder, 1)
      const { log, stop } = yield* open(folder)
      log.append(2)
      assert.strictEqual(log.length, 2)
      assert.deepStrictEqual(yield* recoveredOf(folder), [1])
      yield* log.sync
      log.append(3)
      assert.strictEqual(log.length, 3)
      yield* stop
      assert.deepStrictEqual(yield* recoveredOf(folder), [1, 2])
    })
  )

  it.effect("writes a record as it was when it was appended", () =>
    Effect.gen(function* () {
      const folder = yield* temporaryFolder
      const { log } = yield* open(folder)
      const record = [1]
      log.append(record)
      record.push(2)
      yield* log.sync
      assert.deepStrictEqual(yield* recoveredOf(folder), [[1]])
    })
  )

  it.effect("commits all that wait together in one write and one sync, and nothing twice", () =>
    Effect.gen(function* () {
      const folder = yield* temporaryFolder
      const { done, layer } = yield* makeWatched
      const { log } = yield* Effect.provide(open(folder), layer)
      done.length = 0
      yield* Effect.forEach([1, 2, 3, 4], (record) => Effect.suspend(() => (log.append(record), log.sync)), {
        concurrency: "unbounded"
      })
      yield* log.sync
      assert.deepStrictEqual(done, ["write file", "sync file"])
      assert.deepStrictEqual(yield* recoveredOf(folder), [1, 2, 3, 4])
    })
  )

  it.effect("replaces a whole log, and goes on behind it", () =>
    Effect.gen(function* () {
      const folder = yield* temporaryFolder
      const { done, layer } = yield* makeWatched
      const { log } = yield* Effect.provide(open(folder), layer)
      for (const record of [1, 2, 3]) {
        log.append(record)
      }
      yield* log.sync
      log.append(4)
      done.length = 0
      const replaced = log.replace(["1 to 4", "more"])
      yield* Effect.all([replaced, Effect.sync(() => log.append(5)), log.sync], { concurrency: "unbounded" })
      assert.deepStrictEqual(done.slice(0, 5), ["truncate new", "write new", "sync new", "rename", "sync folder"])
      assert.strictEqual(log.length, 3)
      assert.deepStrictEqual(yield* recoveredOf(folder), ["1 to 4", "more", 5])
      yield* log.replace([])
      log.append(6)
      yield* log.sync
      assert.deepStrictEqual(yield* recoveredOf(folder), [6])
    })
  )

  it.effect("loses nothing of what is appended after a replacement was asked for, and before it was run", () =>
    Effect.gen(function* () {
      const folder = yield* temporaryFolder
      const { log } = yield* open(folder)
      log.append(1)
      const replaced = log.replace(["1"])
      log.append(2)
      yield* replaced
      yield* log.sync
      assert.deepStrictEqual(yield* recoveredOf(folder), ["1", 2])
    })
  )

  it.effect("loses nothing of what is appended behind a replacement that waits for another", () =>
    Effect.gen(function* () {
      const folder = yield* temporaryFolder
      const { log } = yield* open(folder)
      log.append(1)
      const first = yield* fork(log.replace(["1"]))
      // The first is under way from here on, and takes turns of the event loop.
      yield* Effect.yieldNow
      log.append(2)
      const second = yield* fork(log.replace(["1", "2"]))
      log.append(3)
      const synced = yield* fork(log.sync)
      yield* Fiber.joinAll([first, second, synced])
      assert.deepStrictEqual(yield* recoveredOf(folder), ["1", "2", 3])
    })
  )

  it.effect.each(["write file", "sync file"])("loses nothing of what is appended when a %s fails", (operation) =>
    Effect.gen(function* () {
      const folder = yield* temporaryFolder
      const { done, failing, layer } = yield* makeWatched
      const { log } = yield* Effect.provide(open(folder), layer)
      log.append(1)
      yield* log.sync
      failing.add(operation)
      log.append(2)
      assert.match((yield* Effect.flip(log.sync)).text, /^the disk failed: /)
      log.append(3)
      assert.strictEqual((yield* Effect.flip(log.sync))._tag, "StorageError")
      failing.clear()
      done.length = 0
      yield* log.sync
      // What a failed sync leaves in the page cache is written anew.
      assert.deepStrictEqual(done, ["truncate file", "write file", "sync file"])
      assert.deepStrictEqual(yield* recoveredOf(folder), [1, 2, 3])
    })
  )

  it.effect.each(["truncate new", "write new", "sync new", "rename"])(
    "keeps the old log and what was appended when the %s of a replacement fails",
    (operation) =>
      Effect.gen(function* () {
        const folder = yield* temporaryFolder
        const { failing, layer } = yield* makeWatched
        const { log } = yield* Effect.provide(open(folder), layer)
        log.append(1)
        yield* log.sync
        log.append(2)
        failing.add(operation)
        assert.strictEqual((yield* Effect.flip(log.replace(["both"])))._tag, "StorageError")
        assert.deepStrictEqual(yield* recoveredOf(folder), [1])
        yield* log.sync
        assert.deepStrictEqual(yield* recoveredOf(folder), [1, 2])
        failing.clear()
        yield* log.replace(["both"])
        log.append(3)
        yield* log.sync
        assert.deepStrictEqual(yield* recoveredOf(folder), ["both", 3])
      })
  )

  it.effect("acknowledges nothing behind a replacement that the folder may not list yet", () =>
    Effect.gen(function* () {
      const folder = yield* temporaryFolder
      const { done, failing, layer } = yield* makeWatched
      const { log } = yield* Effect.provide(open(folder), layer)
      failing.add("sync folder")
      assert.strictEqual((yield* Effect.flip(log.replace(["state"])))._tag, "StorageError")
      log.append(1)
      assert.strictEqual((yield* Effect.flip(log.sync))._tag, "StorageError")
      failing.clear()
      done.length = 0
      yield* log.sync
      assert.deepStrictEqual(done, ["sync folder", "write new", "sync new"])
      assert.deepStrictEqual(yield* recoveredOf(folder), ["state", 1])
    })
  )

  it.effect("cuts off a torn write, says so, and goes on in its place", () =>
    Effect.gen(function* () {
      const fileSystem = yield* FileSystem.FileSystem
      const folder = yield* temporaryFolder
      yield* append(folder, 1)
      yield* append(folder, 2, 3)
      const whole = yield* fileSystem.readFile(`${folder}/items.log`)
      yield* fileSystem.writeFile(`${folder}/items.log`, whole.subarray(0, whole.length - 3))
      const { entries, layer } = LogRecorder.make()
      yield* Effect.provide(append(folder, 4), layer)
      assert.deepStrictEqual(
        entries.map(({ level, text }) => [level, text]),
        [["Warn", `[["Cut off a torn write at the end of a log",{"path":"${folder}/items.log","bytes":12}],[]]`]]
      )
      assert.deepStrictEqual(yield* recoveredOf(folder), [1, 4])
    })
  )

  it.effect("refuses a damaged log in one line that names the file and the record", () =>
    Effect.gen(function* () {
      const fileSystem = yield* FileSystem.FileSystem
      const folder = yield* temporaryFolder
      yield* append(folder, 1)
      yield* append(folder, 2)
      yield* append(folder, 3)
      const bytes = yield* fileSystem.readFile(`${folder}/items.log`)
      bytes[20]! ^= 1
      yield* fileSystem.writeFile(`${folder}/items.log`, bytes)
      const { text } = yield* Effect.flip(recoveredOf(folder))
      assert.strictEqual(text, `${folder}/items.log is damaged: record 2, at byte 13, is bad, and others follow it`)
      assert.deepStrictEqual(yield* fileSystem.readFile(`${folder}/items.log`), bytes)
    })
  )

  it.effect("refuses a log of other records than its own, by the first that does not fit", () =>
    Effect.gen(function* () {
      const folder = yield* temporaryFolder
      yield* append(folder, 1, "two")
      const storage = Context.get(yield* Layer.build(Storage.layer(folder)), Storage)
      const { text } = yield* Effect.flip(storage.open("items", Schema.Int))
      assert.strictEqual(text, `${folder}/items.log: record 2 is none of this node's: Expected number`)
    })
  )

  it.effect("refuses a folder that another process has locked, and locks its own", () =>
    Effect.gen(function* () {
      const fileSystem = yield* FileSystem.FileSystem
      const folder = yield* temporaryFolder
      yield* Layer.build(Storage.layerLocked(folder))
      assert.strictEqual(yield* fileSystem.readFileString(`${folder}/lock`), String(process.pid))
      yield* fileSystem.writeFileString(`${folder}/lock`, String(process.ppid))
      const { text } = yield* Effect.flip(Layer.build(Storage.layerLocked(folder)))
      assert.include(text, `${folder} is in use by process ${process.ppid}`)
    })
  )

  it.effect("refuses to store anything where there is no disk", () =>
    Effect.gen(function* () {
      const storage = Context.get(yield* Layer.build(Storage.layerNone), Storage)
      assert.match((yield* Effect.flip(storage.open("items", Schema.Int))).text, /no disk/)
    })
  )
})
