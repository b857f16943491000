import { assert, layer } from "@effect/vitest"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Effect, FileSystem, Layer } from "effect"
import * as HistoryFile from "../../../src/workbench/history/HistoryFile.ts"
import { jepsenLine } from "../../workbench/history/jepsenLine.ts"
import { Bundle } from "../Bundle.ts"
import { invoke } from "../Invocation.ts"
import { run } from "../Process.ts"

const recorded = (name: string) => new URL(`../../recorded/${name}/history.jsonl.gz`, import.meta.url).pathname

const checkCode = (...args: ReadonlyArray<string>) => Effect.map(invoke(["check", ...args]), ({ code }) => code)

/** The exit code and the words on stderr, but for what is expected. */
const problem = (...args: ReadonlyArray<string>) =>
  Effect.map(invoke(["check", ...args]), ({ code, stderr }) => [code, stderr.replace(/: expected --workload.*/s, "")])

/** A folder in a store as Maelstrom makes it, with the links that it makes. */
const maelstromRun = Effect.fnUntraced(function* (store: string, workload: string, name: string) {
  const fs = yield* FileSystem.FileSystem
  const folder = `${store}/${workload}/20260102T030405.678Z`
  yield* fs.makeDirectory(folder, { recursive: true })
  const history = yield* HistoryFile.load(recorded(name))
  yield* fs.writeFileString(`${folder}/history.edn`, history.map((operation) => `${jepsenLine(operation)}\n`).join(""))
  yield* fs.writeFileString(`${folder}/results.edn`, "{:valid? true}")
  yield* fs.writeFileString(`${folder}/test.jepsen`, "JEPSEN")
  yield* fs.symlink(folder, `${store}/latest`)
  return folder
})

layer(Layer.merge(Bundle.layer, NodeServices.layer), { excludeTestServices: true, timeout: "60 seconds" })(
  "glomers check",
  (it) => {
    it.effect("judges a recorded run as Maelstrom did, with the same JSON as a test", () =>
      Effect.gen(function* () {
        const { code, stderr, stdout } = yield* run(["check", "-w", "broadcast", "--json", recorded("bc-lose-1")])
        assert.deepStrictEqual([code, stderr], [1, ""])
        const report = JSON.parse(stdout)
        assert.deepInclude(report, { challenge: null, strategy: null, seed: null, workload: "broadcast", valid: false })
        assert.strictEqual(report.results.workload["lost-count"], 4)
        assert.deepStrictEqual(
          report.anomalies.map(({ count, name, operations }: any) => [name, count, operations.length]),
          [["lost", 4, 3]]
        )
      })
    )

    it.effect("lets bugs that Maelstrom overlooks count only where asked to", () =>
      Effect.gen(function* () {
        const args = ["check", "-w", "broadcast", recorded("bc-dup-1")]
        const lenient = yield* invoke(args)
        assert.strictEqual(lenient.code, 0)
        assert.include(lenient.stdout, "warning: duplicated")
        const strict = yield* invoke([...args, "--strict"])
        assert.strictEqual(strict.code, 1)
        assert.notInclude(strict.stdout, "warning")
      })
    )

    it.effect("judges by the consistency model and the availability that it is told", () =>
      Effect.gen(function* () {
        const models = ["-w", "txn-rw-register", recorded("rw-fractured-si-1"), "--consistency-models"]
        assert.strictEqual(yield* checkCode(...models, "snapshot-isolation"), 1)
        assert.strictEqual(yield* checkCode(...models, "read-committed"), 0)
        const availability = ["-w", "unique-ids", recorded("uid-err13-90-1"), "--availability"]
        assert.strictEqual(yield* checkCode(...availability, "total"), 1)
        assert.strictEqual(yield* checkCode(...availability, "0.9"), 0)
      })
    )

    it.effect.each([
      { content: undefined, names: ["no such file"] },
      { content: "{not json\n", names: [":1: expected an entry of a history, as a JSON object, got {not json\n"] },
      {
        content: "{:type :ok, :f :echo\n",
        names: [":1: expected an entry of a history, as EDN of Jepsen, got {:type"]
      },
      {
        content:
          '{"index":0,"time":1,"type":"invoke","process":0,"f":"echo","value":1}\n' +
          '{"index":1,"time":2,"type":"done","process":0,"f":"echo","value":1}\n',
        names: [":2: ", "type"]
      },
      { content: '{"index":4,"time":1,"type":"invoke","process":0,"f":"echo","value":1}\n', names: [":1: ", "index 4"] }
    ])("refuses a history of $content in a line that names file, line and problem", ({ content, names }) =>
      Effect.gen(function* () {
        const fs = yield* FileSystem.FileSystem
        const file = `${yield* fs.makeTempDirectoryScoped()}/history.jsonl`
        if (content !== undefined) {
          yield* fs.writeFileString(file, content)
        }
        const { code, stderr, stdout } = yield* invoke(["check", "-w", "echo", file])
        assert.deepStrictEqual([code, stdout], [2, ""])
        assert.match(stderr, /^glomers: [^\n]+\n$/)
        for (const name of [file, ...names]) {
          assert.include(stderr, name)
        }
      })
    )

    it.effect("refuses transactions with micro-operations of another workload", () =>
      Effect.map(invoke(["check", "-w", "txn-rw-register", recorded("la-ok-datomic-1")]), ({ code, stderr }) => {
        assert.strictEqual(code, 2)
        assert.include(stderr, "expected micro-operations r, w, found append")
      })
    )

    it.effect("judges a run's folder, or a file in it, as its results say that it was run", () =>
      Effect.gen(function* () {
        const fs = yield* FileSystem.FileSystem
        const out = yield* fs.makeTempDirectoryScoped()
        const flags = ["--consistency-models", "serializable", "--nodes", "a,b", "--time-limit", "2", "--out", out]
        yield* invoke(["test", "6c", "--strategy", "no-replication", "--strict", ...flags])
        const latest = `${out}/txn-rw-register/latest`
        const tested = JSON.parse(yield* fs.readFileString(`${latest}/results.json`))
        for (const path of [latest, `${out}/latest`, `${latest}/history.jsonl`, `${latest}/results.json`]) {
          const { code, stdout } = yield* invoke(["check", "--json", path])
          const checked = JSON.parse(stdout)
          assert.strictEqual(code, 1)
          assert.deepStrictEqual({ ...checked.results, net: tested.results.net }, tested.results)
          assert.isTrue(checked.strict)
        }
        // What is given goes before what is stored.
        assert.strictEqual(yield* checkCode(latest, "--consistency-models", "read-committed", "--no-strict"), 0)
        // A folder's history in JSON is ours, and needs no results.
        yield* fs.remove(`${latest}/results.json`)
        const alone = yield* invoke(["check", `${out}/latest`, "--json"])
        assert.deepInclude(JSON.parse(alone.stdout), { workload: "txn-rw-register", strict: false })
      })
    )

    it.effect("judges a folder of Maelstrom's store by the command line in its log", () =>
      Effect.gen(function* () {
        const fs = yield* FileSystem.FileSystem
        const store = yield* fs.makeTempDirectoryScoped()
        const folder = yield* maelstromRun(store, "txn-rw-register", "rw-fractured-rc-1")
        const command =
          'test -w txn-rw-register --bin "./a node" --node-count 1 --consistency-models snapshot-isolation --log-stderr ' +
          "--concurrency 4n --consistency-models read-committed -- --availability total"
        yield* fs.writeFileString(
          `${folder}/jepsen.log`,
          `2026-01-02 03:04:05,678{GMT}\tINFO\t[jepsen test runner] jepsen.core: Command line:\nlein run ${command}\n` +
            "2026-01-02 03:04:05,679{GMT}\tINFO\t[jepsen test runner] jepsen.core: Running test:\n{}\n"
        )
        assert.strictEqual(yield* checkCode(folder), 0)
        assert.strictEqual(yield* checkCode(`${store}/latest`), 0)
        assert.strictEqual(yield* checkCode(`${folder}/test.jepsen`), 0)
        assert.strictEqual(yield* checkCode(folder, "--consistency-models", "snapshot-isolation"), 1)
        yield* fs.remove(`${folder}/jepsen.log`)
        // Maelstrom's default is strict serializability.
        const { code, stderr } = yield* invoke(["check", `${store}/latest`])
        assert.deepStrictEqual(
          [code, stderr],
          [1, `glomers: ${store}/latest does not say with which flags it was run: all that are not given are default\n`]
        )
      })
    )

    it.effect("names nodes as a run of Maelstrom did", () =>
      Effect.gen(function* () {
        const fs = yield* FileSystem.FileSystem
        const store = yield* fs.makeTempDirectoryScoped()
        const folder = yield* maelstromRun(store, "g-counter", "gc-stalenode-1")
        const logged = (flags: string) =>
          fs.writeFileString(`${folder}/jepsen.log`, `Command line:\nlein run test -w g-counter ${flags}\n`)
        const messages = (...args: ReadonlyArray<string>) =>
          Effect.map(invoke(["check", "--json", folder, ...args]), ({ stdout }) =>
            JSON.parse(stdout).anomalies.map(({ message }: { message: string }) => message)
          )
        yield* logged("--node-count 3")
        assert.match((yield* messages())[0], /The final read of n[0-2] /)
        yield* logged("--nodes alpha,beta -n gamma")
        assert.match((yield* messages())[0], /The final read of (alpha|beta|gamma) /)
        assert.match((yield* messages("--nodes", "x0,x1,x2"))[0], /The final read of x[0-2] /)
        assert.match((yield* messages("--node-count", "3"))[0], /The final read of n[0-2] /)
        yield* logged("--concurrency 5")
        assert.match((yield* messages())[0], /The final read of n[1-5] /)
      })
    )

    it.effect("says of a folder that it cannot judge what is missing", () =>
      Effect.gen(function* () {
        const fs = yield* FileSystem.FileSystem
        const store = yield* fs.makeTempDirectoryScoped()
        const folder = yield* maelstromRun(store, "lin-kv", "lin-err11applied-1")
        assert.deepStrictEqual(yield* problem(`${store}/latest`), [
          2,
          `glomers: ${store}/latest is of lin-kv, which cannot be judged here`
        ])
        assert.deepStrictEqual(yield* problem(store), [
          2,
          `glomers: ${store} is not the folder of a run: expected a history.jsonl or history.edn in it; ` +
            `the last run is ${store}/latest\n`
        ])
        yield* fs.remove(`${folder}/history.edn`)
        assert.deepStrictEqual(yield* problem(`${folder}/test.jepsen`), [
          2,
          `glomers: ${folder} is not the folder of a run: expected a history.jsonl or history.edn in it\n`
        ])
        assert.deepStrictEqual(yield* problem(`${store}/nowhere`), [
          2,
          `glomers: ${store}/nowhere: there is no such file or folder\n`
        ])
      })
    )

    it.effect("refuses to guess the workload", () =>
      Effect.gen(function* () {
        const { code, stderr } = yield* invoke(["check", recorded("bc-dup-1")])
        assert.strictEqual(code, 2)
        assert.include(stderr, "--workload")
      })
    )
  }
)
