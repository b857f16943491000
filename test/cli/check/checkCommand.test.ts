import { assert, layer } from "@effect/vitest"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Effect, FileSystem, Layer } from "effect"
import { Bundle } from "../Bundle.ts"
import { invoke } from "../Invocation.ts"
import { run } from "../Process.ts"

const recorded = (name: string) => new URL(`../../recorded/${name}/history.jsonl.gz`, import.meta.url).pathname

const checkCode = (...args: ReadonlyArray<string>) => Effect.map(invoke(["check", ...args]), ({ code }) => code)

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
      { content: "{not json\n", names: [":1: ", "JSON"] },
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

    it.effect("refuses to guess the workload", () =>
      Effect.gen(function* () {
        const { code, stderr } = yield* invoke(["check", recorded("bc-dup-1")])
        assert.strictEqual(code, 2)
        assert.include(stderr, "--workload")
      })
    )
  }
)
