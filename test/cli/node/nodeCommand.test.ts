import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import { assert, layer } from "@effect/vitest"
import { Array, Effect, Fiber, FileSystem, Schedule } from "effect"
import { systemNode } from "../../../bench/systemNode.ts"
import { Bundle } from "../Bundle.ts"
import { echoes, init, line, run, start } from "../Process.ts"

const transaction = (msg_id: number, f: string, value: number | null) =>
  line({ type: "txn", msg_id, txn: [[f, 1, value]] })

const replyIds = (from: number, to: number) => Array.range(from, to)

layer(Bundle.layer, { excludeTestServices: true })("a node as a process", (it) => {
  it.effect("answers init and then its challenge's requests", () =>
    Effect.gen(function* () {
      const node = yield* start(["node", "1"])
      yield* node.write(init)
      assert.deepStrictEqual(yield* node.message, {
        src: "n1",
        dest: "c1",
        body: { type: "init_ok", in_reply_to: 1 }
      } as never)
      yield* node.write(line({ type: "echo", msg_id: 2, echo: { text: "hällo ✓ 🙂" } }))
      assert.deepStrictEqual((yield* node.message).body, {
        type: "echo_ok",
        in_reply_to: 2,
        echo: { text: "hällo ✓ 🙂" }
      } as never)
    })
  )

  it.effect("takes a strategy in either form", () =>
    Effect.forEach([["--strategy", "snowflake"], ["--strategy=snowflake"]], (flags) =>
      Effect.gen(function* () {
        const node = yield* start(["node", "2", ...flags])
        yield* node.write(init + line({ type: "generate", msg_id: 2 }))
        yield* node.message
        assert.match(String((yield* node.message).body["id"]), /^\d{18,19}$/)
      }).pipe(Effect.scoped)
    )
  )

  it.effect("aborts transactions that write where it is told to", () =>
    Effect.gen(function* () {
      const node = yield* start(["node", "6c", "--abort-rate", "1"])
      yield* node.write(init + transaction(2, "w", 5) + transaction(3, "r", null))
      // A node that starts asks another what it may have missed.
      const sent = [yield* node.message, yield* node.message, yield* node.message, yield* node.message]
      const replies = sent.filter(({ body }) => body.in_reply_to !== undefined)
      const ofClient = replies.map(({ body }) => [body.in_reply_to, body.type, body["code"] ?? body["txn"]])
      assert.deepStrictEqual(ofClient, [
        [1, "init_ok", undefined],
        [2, "error", 30],
        [3, "txn_ok", [["r", 1, null]]]
      ] as never)
    })
  )

  it.effect("has a folder of its own in its data directory, which nobody else may use meanwhile", () =>
    Effect.gen(function* () {
      const fileSystem = yield* FileSystem.FileSystem
      const directory = `${yield* fileSystem.makeTempDirectoryScoped()}/data`
      const args = ["node", "1", "--durability", "synced", "--data-dir", directory]
      const first = yield* start(args)
      yield* first.write(init)
      yield* first.message
      assert.deepStrictEqual(yield* fileSystem.readDirectory(directory), ["n1"])
      const holder = yield* fileSystem.readFileString(`${directory}/n1/lock`)

      const second = yield* start(args)
      yield* second.write(init)
      assert.deepStrictEqual((yield* second.message).body["code"], 13 as never)
      const { code, stderr } = yield* second.ending
      assert.strictEqual(code, 2)
      assert.match(stderr, /^glomers: [^\n]+ is in use by process \d+: [^\n]+\n$/)
      assert.include(stderr, `${directory}/n1 is in use by process ${holder}`)

      // One that is killed leaves its lock behind, which the next one takes over.
      yield* first.signal("SIGKILL")
      yield* first.ending
      const third = yield* start(args)
      yield* third.write(init)
      assert.strictEqual((yield* third.message).body.type, "init_ok")
      assert.notStrictEqual(yield* fileSystem.readFileString(`${directory}/n1/lock`), holder)
      yield* third.endInput
      assert.deepStrictEqual(yield* third.ending, { code: 0, stderr: "" })
      assert.deepStrictEqual(yield* fileSystem.readDirectory(`${directory}/n1`), [])
    }).pipe(Effect.scoped, Effect.provide(NodeFileSystem.layer))
  )

  it.effect("refuses to promise what it cannot keep: synced without a data directory", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* run(["node", "1", "--durability", "synced"]), {
        code: 2,
        stdout: "",
        stderr: "glomers: --durability synced needs a disk, expected a --data-dir as well\n"
      })
    })
  )

  it.effect("answers everything that it was asked before its stdin ended, and exits with 0", () =>
    Effect.gen(function* () {
      const node = yield* start(["node", "1"])
      yield* node.write(init + echoes(2, 5000))
      yield* node.endInput
      const replies = yield* node.messages
      assert.deepStrictEqual(
        replies.map(({ body }) => Number(body.in_reply_to)),
        replyIds(1, 5000)
      )
      assert.deepStrictEqual(yield* node.ending, { code: 0, stderr: "" })
    })
  )

  it.effect("owes nobody a reply when its stdin ends while it waits for another", () =>
    Effect.gen(function* () {
      const node = yield* start(["node", "2", "--strategy", "sequential"])
      yield* node.write(init)
      yield* node.message
      yield* node.write(line({ type: "generate", msg_id: 2 }))
      assert.strictEqual((yield* node.message).dest, "lin-kv" as never)
      yield* node.endInput
      const replies = (yield* node.messages).filter(({ dest }) => dest === "c1")
      assert.deepStrictEqual(
        replies.map(({ body }) => [body.type, body["code"], body.in_reply_to]),
        [["error", 13, 2]] as never
      )
      assert.strictEqual((yield* node.ending).code, 0)
    })
  )

  it.effect.each(["SIGTERM", "SIGINT"] as const)("ends on %s with whole lines and exit code 0", (signal) =>
    Effect.gen(function* () {
      const node = yield* start(["node", "1"])
      yield* node.write(init + echoes(2, 5000))
      yield* node.message
      yield* node.signal(signal)
      const ids = (yield* node.messages).map(({ body }) => Number(body.in_reply_to))
      assert.deepStrictEqual(ids, replyIds(2, 5000).slice(0, ids.length))
      assert.deepStrictEqual(yield* node.ending, { code: 0, stderr: "" })
    })
  )

  it.effect("ends on a signal before it was initialised", () =>
    Effect.gen(function* () {
      const node = yield* start(["node", "1"])
      yield* node.write(echoes(1, 1))
      assert.strictEqual((yield* node.message).body["code"], 11)
      yield* node.signal("SIGTERM")
      assert.deepStrictEqual(yield* node.ending, { code: 0, stderr: "" })
    })
  )

  it.effect("exits by itself without a stack trace when its stdout is closed, though requests keep coming", () =>
    Effect.gen(function* () {
      const node = yield* start(["node", "1"])
      yield* node.write(init)
      yield* node.message
      yield* node.closeOutput
      const requests = yield* node
        .write(echoes(2, 3))
        .pipe(Effect.repeat(Schedule.spaced("5 millis")), Effect.forkChild)
      const { code, stderr } = yield* node.ending
      yield* Fiber.interrupt(requests)
      assert.strictEqual(code, 0)
      assert.match(stderr, /^[^\n]*stdout is closed[^\n]*\n$/)
    })
  )

  it.effect("exits by itself when its stdout is closed and its stdin stays open and silent", () =>
    Effect.gen(function* () {
      const node = yield* start(["node", "1"])
      yield* node.write(init)
      yield* node.message
      yield* node.closeOutput
      yield* node.write(echoes(2, 2))
      const { code, stderr } = yield* node.ending
      assert.strictEqual(code, 0)
      assert.notMatch(stderr, /\n\s+at /)
    })
  )

  it.effect("goes on answering when nobody reads its logs any more", () =>
    Effect.gen(function* () {
      const node = yield* start(["node", "1"])
      yield* node.write(init)
      yield* node.message
      yield* node.closeErrors
      for (const id of [2, 3, 4]) {
        yield* node.write(`garbage\n${echoes(id, id)}`)
        assert.strictEqual(Number((yield* node.message).body.in_reply_to), id)
      }
      yield* node.endInput
      assert.strictEqual((yield* node.ending).code, 0)
    })
  )

  it.effect("drops lines that are no messages, says why, and lives on", () =>
    Effect.gen(function* () {
      const node = yield* start(["node", "1"])
      const garbage = [
        "",
        "{",
        "null",
        "[]",
        '"text"',
        '{"src":"c1"}',
        '{"src":"c1","dest":"n1","body":[]}',
        "\0\uFFFD"
      ]
      yield* node.write(`${garbage.join("\n")}\n${init}${garbage.join("\n")}\n${echoes(2, 2)}`)
      yield* node.endInput
      const types = (yield* node.messages).map(({ body }) => body.type)
      assert.deepStrictEqual(types, ["init_ok", "echo_ok"])
      const { code, stderr } = yield* node.ending
      assert.strictEqual(code, 0)
      assert.strictEqual(stderr.match(/level=WARN/g)?.length, 2 * garbage.length)
    })
  )

  it.effect("logs to stderr what GLOMERS_LOG asks for, and nothing but messages to stdout", () =>
    Effect.gen(function* () {
      const strayReply = line({ type: "echo_ok", in_reply_to: 99, echo: 1 })
      const stderrAt = Effect.fnUntraced(function* (level: string) {
        const node = yield* start(["node", "1"], { env: { GLOMERS_LOG: level } })
        yield* node.write(`${init}garbage\n${strayReply}${echoes(2, 2)}`)
        yield* node.endInput
        assert.deepStrictEqual(
          (yield* node.messages).map(({ body }) => body.type),
          ["init_ok", "echo_ok"]
        )
        return (yield* node.ending).stderr
      }, Effect.scoped)

      const debug = yield* stderrAt("debug")
      assert.match(debug, /level=DEBUG/)
      assert.match(debug, /level=WARN/)
      const info = yield* stderrAt("info")
      assert.notMatch(info, /level=DEBUG/)
      assert.match(info, /level=WARN/)
      assert.strictEqual(yield* stderrAt("none"), "")
    })
  )

  it.effect("refuses init, says why on stderr and exits with 1 when its challenge cannot be built", () =>
    Effect.gen(function* () {
      const node_ids = Array.makeBy(1025, (i) => `n${i}`)
      const node = yield* start(["node", "2", "--strategy", "snowflake"])
      yield* node.write(
        `${JSON.stringify({ src: "c1", dest: "n1024", body: { type: "init", msg_id: 1, node_id: "n1024", node_ids } })}\n`
      )
      const replies = yield* node.messages
      assert.deepStrictEqual(
        replies.map(({ body }) => [body.type, body.in_reply_to]),
        [["error", 1]] as never
      )
      const { code, stderr } = yield* node.ending
      assert.strictEqual(code, 1)
      assert.match(stderr, /snowflake has room for 1024 nodes/)
    })
  )

  it.effect.skipIf(systemNode === undefined)("runs on the Node that the system has", () =>
    Effect.gen(function* () {
      const node = yield* start(["node", "1"], { node: systemNode })
      yield* node.write(init + echoes(2, 1000))
      yield* node.endInput
      assert.strictEqual((yield* node.messages).length, 1000)
      assert.deepStrictEqual(yield* node.ending, { code: 0, stderr: "" })
    })
  )
})
