import { NodeFileSystem } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect, FileSystem, Schema } from "effect"
import * as Zlib from "node:zlib"
import { parse } from "../../../src/workbench/json/ExactNumber.ts"
import * as HistoryFile from "../../../src/workbench/history/HistoryFile.ts"
import { recordedHistory } from "./recordedRuns.ts"
import { jepsenLine } from "./jepsenLine.ts"
import { tinyHistory } from "./tinyHistory.ts"

const temporaryFile = Effect.fnUntraced(function* (name: string) {
  const fileSystem = yield* FileSystem.FileSystem
  return `${yield* fileSystem.makeTempDirectoryScoped()}/${name}`
})

const written = Effect.fnUntraced(function* (name: string, content: string) {
  const fileSystem = yield* FileSystem.FileSystem
  const file = yield* temporaryFile(name)
  yield* fileSystem.writeFileString(file, content)
  return file
})

const [first, second] = [
  `{"index":0,"time":5,"type":"invoke","process":0,"f":"read","value":null}`,
  `{"index":1,"time":9,"type":"ok","process":0,"f":"read","value":[1,"ü"],"final":true,"poll-ms":7}`
]

it.layer(NodeFileSystem.layer)("HistoryFile", (it) => {
  describe.each(["history.jsonl", "history.jsonl.gz"])("%s", (name) => {
    it.effect.prop("loads what was saved", [Schema.Array(Schema.Json)], ([values]) =>
      Effect.gen(function* () {
        // As a node would have sent them, so that numbers beyond a double are kept as such.
        const history = tinyHistory(
          ...values.map((value) => [0, "ok", "echo", parse(JSON.stringify(value)), { final: true, unseen: 1 }] as const)
        )
        const file = yield* temporaryFile(name)
        yield* HistoryFile.save(file, history)
        assert.deepStrictEqual(yield* HistoryFile.load(file), history)
      }).pipe(Effect.scoped)
    )
  })

  it.effect("compresses if the name asks for it", () =>
    Effect.gen(function* () {
      const fileSystem = yield* FileSystem.FileSystem
      const file = yield* temporaryFile("history.jsonl.gz")
      yield* HistoryFile.save(file, tinyHistory([0, "invoke", "read"]))
      const text = Zlib.gunzipSync(yield* fileSystem.readFile(file)).toString()
      assert.strictEqual(text, `{"index":0,"time":0,"type":"invoke","process":0,"f":"read","value":null}\n`)
    })
  )

  it.effect("writes a recorded history with integers, floats and strings back byte by byte", () =>
    Effect.gen(function* () {
      const fileSystem = yield* FileSystem.FileSystem
      const recorded = Zlib.gunzipSync(yield* fileSystem.readFile(recordedHistory("uid-kinds-1"))).toString()
      const file = yield* temporaryFile("history.jsonl")
      yield* HistoryFile.save(file, yield* HistoryFile.load(recordedHistory("uid-kinds-1")))
      assert.include(recorded, `"value":3.0}`)
      assert.strictEqual(yield* fileSystem.readFileString(file), recorded)
    })
  )

  it.effect("keeps keys that it does not know, and skips empty lines", () =>
    Effect.gen(function* () {
      const history = yield* HistoryFile.load(yield* written("history.jsonl", `${first}\n\n${second}\n`))
      assert.deepStrictEqual(history[1], {
        index: 1,
        time: 9,
        type: "ok",
        process: 0,
        f: "read",
        value: [1, "ü"],
        final: true,
        "poll-ms": 7
      })
    })
  )

  it.effect.each(["uid-kinds-1", "bc-lose-1", "kafka-norepl-1", "rw-err13-1", "uid-err13-90-1"])(
    "reads a history in EDN, as Jepsen would have written %s, as it reads the same in JSON",
    (run) =>
      Effect.gen(function* () {
        const history = yield* HistoryFile.load(recordedHistory(run))
        const file = yield* written("history.edn", history.map((operation) => `${jepsenLine(operation)}\n`).join(""))
        assert.deepStrictEqual(yield* HistoryFile.load(file), history)
      })
  )

  it.effect("keeps of an entry in EDN what it does not know, and that there was an exception", () =>
    Effect.gen(function* () {
      const lines = [
        `#jepsen.history.Op{:index 0, :time 5, :type :invoke, :process 0, :f :poll, :value [[:poll]], :seek-to-beginning? true}`,
        `{:type :info, :f :poll, :value [[:poll {"5" [[0 9223372036854775807]]}]], :process 0, :time 9, :exception {:via [{:type clojure.lang.ExceptionInfo}], :trace [[a b "c.clj" 7]]}, :error "indeterminate: no"}`,
        `{:type :info, :f :start-partition, :value [:isolated {"n1" #{"n2"}}], :process :nemesis, :time 10, :index 2}`
      ]
      const history = yield* HistoryFile.load(yield* written("history.edn", lines.join("\n")))
      assert.deepStrictEqual(JSON.parse(JSON.stringify(history)), [
        {
          index: 0,
          time: 5,
          type: "invoke",
          process: 0,
          f: "poll",
          value: [["poll"]],
          "seek-to-beginning": true
        },
        {
          index: 1,
          time: 9,
          type: "info",
          process: 0,
          f: "poll",
          value: [["poll", { "5": [[0, JSON.parse("9223372036854775807")]] }]],
          exception: true,
          error: "indeterminate: no"
        },
        {
          index: 2,
          time: 10,
          type: "info",
          process: "nemesis",
          f: "start-partition",
          value: ["isolated", { n1: ["n2"] }]
        }
      ])
      assert.include(JSON.stringify(history[1]), "9223372036854775807")
    })
  )

  it.effect.each([
    {
      wrong: "is not JSON",
      line: `{"index":1,`,
      problem: `expected an entry of a history, as a JSON object, got {"index":1,`
    },
    { wrong: "is cut off in EDN", line: "{:type :ok, :value [1 2", problem: "as EDN of Jepsen, got {:type :ok, :va" },
    { wrong: "is of a binary file", line: "\u0000\u0001JEPSEN", problem: "as a JSON object, got ??JEPSEN" },
    { wrong: "lacks a key", line: `{"index":1,"time":9,"type":"ok","process":0,"value":1}`, problem: `"f"` },
    { wrong: "has an unknown type", line: second.replace(`"ok"`, `"done"`), problem: `"type"` },
    { wrong: "is out of place", line: second.replace(`"index":1`, `"index":3`), problem: "index 3 where 1 is next" }
  ])("names file and line of an entry that $wrong", ({ line, problem }) =>
    Effect.gen(function* () {
      const file = yield* written("history.jsonl", `${first}\n${line}\n`)
      const error = yield* Effect.flip(HistoryFile.load(file))
      assert.strictEqual(error._tag, "HistoryError")
      assert.strictEqual(error.file, file)
      assert.strictEqual(error.line, 2)
      assert.include(error.problem, problem)
      assert.isTrue(error.message.startsWith(`${file}:2: `))
    })
  )

  it.effect.each([
    { wrong: "is missing", name: "history.jsonl", content: undefined },
    { wrong: "is not compressed as its name says", name: "history.jsonl.gz", content: first }
  ])("names a file that $wrong", ({ name, content }) =>
    Effect.gen(function* () {
      const file = yield* content === undefined ? temporaryFile(name) : written(name, content)
      const error = yield* Effect.flip(HistoryFile.load(file))
      assert.strictEqual(error._tag, "HistoryError")
      assert.strictEqual(error.file, file)
      assert.isUndefined(error.line)
    })
  )
})
