import { assert, layer } from "@effect/vitest"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Effect, FileSystem, Path } from "effect"
import { TestClock } from "effect/testing"
import { NodeId } from "../../../src/protocol/NodeId.ts"
import { load } from "../../../src/workbench/history/HistoryFile.ts"
import type { History } from "../../../src/workbench/history/Operation.ts"
import type { Journal } from "../../../src/workbench/network/Journal.ts"
import * as RunFolder from "../../../src/workbench/run/RunFolder.ts"

const history: History = [
  { index: 0, time: 5, type: "invoke", process: 0, f: "echo", value: "hi" },
  { index: 1, time: 9, type: "ok", process: 0, f: "echo", value: { echo: "hi" } }
]

const message = { id: 3, src: NodeId.make("c1"), dest: NodeId.make("n0"), body: { type: "echo", echo: "hi" } }

const journal: Journal = [
  { timeNanos: 1.4, event: "send", message, size: 39 },
  { timeNanos: 2, event: "recv", message, size: 39 }
]

const record = { history, journal, originNanos: 0, logs: { n0: ["first", "second"], n1: [] } }

const inTemporaryDirectory = <A, E, R>(use: (directory: string) => Effect.Effect<A, E, R>) =>
  Effect.scoped(
    Effect.flatMap(FileSystem.FileSystem, (fs) => Effect.flatMap(fs.makeTempDirectoryScoped(), (dir) => use(dir)))
  )

layer(NodeServices.layer)("the store", (it) => {
  it.effect("keeps a run's results, history, messages and logs in a folder of its workload, time and seed", () =>
    inTemporaryDirectory(
      Effect.fnUntraced(function* (directory) {
        const fs = yield* FileSystem.FileSystem
        const path = yield* Path.Path
        yield* TestClock.setTime(1_767_225_600_123)
        const folder = yield* RunFolder.makeFolder(directory, "echo", 7)
        assert.strictEqual(folder, path.join(directory, "echo", "20260101T000000.123Z-seed-7"))

        yield* RunFolder.write(folder, record, { valid: true })
        const read = (...file: ReadonlyArray<string>) => fs.readFileString(path.join(folder, ...file))
        assert.deepStrictEqual(JSON.parse(yield* read("results.json")), { valid: true })
        assert.deepStrictEqual(yield* load(path.join(folder, "history.jsonl")), history)
        assert.strictEqual(yield* read("history.txt"), `0\t:invoke\t:echo\t"hi"\n0\t:ok\t:echo\t{"echo" "hi"}\n`)
        assert.deepStrictEqual(
          (yield* read("messages.jsonl"))
            .split("\n")
            .slice(0, -1)
            .map((line) => JSON.parse(line)),
          [
            { time: 1, event: "send", message },
            { time: 2, event: "recv", message }
          ]
        )
        assert.strictEqual(yield* read("node-logs", "n0.log"), "first\nsecond\n")
        assert.strictEqual(yield* read("node-logs", "n1.log"), "")
      })
    )
  )

  it.effect("links to the latest run, of a workload and of all", () =>
    inTemporaryDirectory(
      Effect.fnUntraced(function* (directory) {
        const fs = yield* FileSystem.FileSystem
        const path = yield* Path.Path
        const store = Effect.fnUntraced(function* (workload: "echo" | "kafka", seed: number) {
          const folder = yield* RunFolder.makeFolder(directory, workload, seed)
          yield* RunFolder.write(folder, record, { workload, seed })
        })
        yield* store("echo", 1)
        yield* store("kafka", 2)
        yield* store("echo", 3)
        yield* store("kafka", 4)
        const latest = Effect.fnUntraced(function* (...folder: ReadonlyArray<string>) {
          return JSON.parse(yield* fs.readFileString(path.join(directory, ...folder, "latest", "results.json")))
        })
        assert.deepStrictEqual(yield* latest("echo"), { workload: "echo", seed: 3 })
        assert.deepStrictEqual(yield* latest("kafka"), { workload: "kafka", seed: 4 })
        assert.deepStrictEqual(yield* latest(), { workload: "kafka", seed: 4 })
        assert.sameMembers(yield* fs.readDirectory(directory), ["echo", "kafka", "latest"])
      })
    )
  )

  it.effect("stores runs that end at once without one in another's way", () =>
    inTemporaryDirectory(
      Effect.fnUntraced(function* (directory) {
        const fs = yield* FileSystem.FileSystem
        const path = yield* Path.Path
        const seeds = Array.from({ length: 20 }, (_, seed) => seed)
        yield* Effect.forEach(
          seeds,
          (seed) =>
            Effect.flatMap(RunFolder.makeFolder(directory, "echo", seed), (folder) =>
              RunFolder.write(folder, record, { seed })
            ),
          { concurrency: "unbounded" }
        )
        const names = yield* fs.readDirectory(path.join(directory, "echo"))
        assert.strictEqual(names.filter((name) => name.includes("-seed-")).length, seeds.length)
        assert.strictEqual(names.length, seeds.length + 1)
      })
    )
  )
})
