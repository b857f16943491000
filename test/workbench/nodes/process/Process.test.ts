import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, describe, it } from "@effect/vitest"
import { Deferred, Duration, Effect, Exit, Fiber, FileSystem, Logger, Option, Schedule, Scope } from "effect"
import { Echo } from "../../../../src/protocol/Echo.ts"
import * as Network from "../../../../src/workbench/network/Network.ts"
import { awaitGone, Count, fixture, logged, make, n0, n1 } from "../processCluster.ts"

describe("Process", () => {
  it.live("runs nodes that clients can call", () =>
    Effect.gen(function* () {
      const { host, connect, init } = yield* make("echo.mjs")
      const nodes = yield* Effect.forEach([n0, n1], host.start, { concurrency: 2 })
      yield* Effect.forEach([n0, n1], init)
      const client = connect(n1)
      assert.deepStrictEqual(yield* client.call(Echo.echo, { echo: "hé 👋" }), { echo: "hé 👋" })
      const { line } = yield* client.call(Count, {})
      assert.match(line, /^{"id":\d+,"src":"c2","dest":"n1","body":{"type":"count","msg_id":2}}$/)
      assert.deepStrictEqual(yield* nodes[1]!.log, ["echo node starts", "echo node is n1"])
    })
  )

  it.live("holds a node while it is paused", () =>
    Effect.gen(function* () {
      const { host, connect, init } = yield* make("echo.mjs")
      const node = yield* host.start(n0)
      yield* init(n0)
      yield* node.pause
      const call = yield* Effect.forkChild(connect(n0).call(Echo.echo, { echo: 1 }), { startImmediately: true })
      yield* Effect.sleep("200 millis")
      assert.isUndefined(call.pollUnsafe())
      yield* node.resume
      assert.deepStrictEqual(yield* Fiber.join(call), { echo: 1 })
    })
  )

  it.live("starts a node anew after a crash, without a memory, even of a pause", () =>
    Effect.gen(function* () {
      const { host, connect, init } = yield* make("echo.mjs")
      const node = yield* host.start(n0)
      yield* init(n0)
      yield* connect(n0).call(Count, {})
      const { asked, pid } = yield* connect(n0).call(Count, {})
      assert.strictEqual(asked, 3)

      yield* node.pause
      yield* node.crash
      yield* awaitGone(pid)
      const error = yield* Effect.flip(connect(n0, Duration.millis(100)).call(Count, {}))
      assert.strictEqual(error._tag, "Timeout")

      yield* node.restart
      yield* init(n0)
      const restarted = yield* connect(n0).call(Count, {})
      assert.strictEqual(restarted.asked, 2)
      assert.notStrictEqual(restarted.pid, pid)
      assert.isTrue(Option.isNone(yield* Effect.timeoutOption(node.failure, 100)), "it did not fail")
    })
  )

  const misdeeds: ReadonlyArray<readonly [how: string, text: RegExp]> = [
    ["print-text", /^n0 printed a line on stdout that is not JSON \(.*\): Listening on port 8080$/],
    ["print-no-message", /^n0 printed JSON on stdout that is not a message: dest: Missing key: {"src":"n0",/],
    ["print-extra-key", /^n0 printed JSON on stdout that is not a message: time: Expected no excess property: /],
    ["send-to-nobody", /^n0 sent a message to n9, which does not exist: {"src":"n0","dest":"n9",/],
    ["send-as-another", /^n0 sent a message in another's name: expected "src":"n0", got "src":"c0": /],
    ["exit", /^n0 exited with code 3, expected it to run until the test is over$/],
    ["exit-at-once-well", /^n0 exited with code 0, expected it to run until the test is over$/],
    ["throw", /^n0 exited with code 1, expected /],
    ["kill-itself", /^n0 was ended by SIGSEGV, expected /]
  ]
  for (const [how, text] of misdeeds) {
    it.live(`tells of a node that is to ${how}, with the last lines of its log`, () =>
      Effect.gen(function* () {
        const { host, init } = yield* make("misbehave.mjs", how)
        const node = yield* host.start(n0)
        yield* Effect.forkChild(Effect.exit(init(n0)))
        const failure = yield* Effect.flip(node.failure)
        assert.match(failure.message, text)
        assert.notInclude(failure.message, "\n")
        assert.match(failure.log[0] ?? "", new RegExp(`^process \\d+ is about to ${how}$`))
        if (how === "throw") {
          assert.match(failure.log.join("\n"), /Error: out of ideas/)
        }
      })
    )
  }

  it.live("tells of a node that closes its stdin", () =>
    Effect.gen(function* () {
      const { host, init } = yield* make("misbehave.mjs", "close-stdin")
      const node = yield* host.start(n0)
      yield* logged(node, /(closed)/)
      yield* Effect.forkChild(Effect.exit(init(n0)))
      const failure = yield* Effect.flip(node.failure)
      assert.match(failure.message, /^n0 closed its stdin, expected it to read messages there/)
    })
  )

  it.live("has the log of a node that never answers", () =>
    Effect.gen(function* () {
      const { host, connect } = yield* make("misbehave.mjs", "never-answer")
      const node = yield* host.start(n0)
      const error = yield* Effect.flip(connect(n0, Duration.millis(300)).call(Echo.echo, { echo: 1 }))
      assert.strictEqual(error._tag, "Timeout")
      // A busy machine takes longer to start a process than the client waits.
      yield* logged(node, /(never-answer)/)
      assert.match((yield* node.log).join("\n"), /^process \d+ is about to never-answer$/)
    })
  )

  it.live("complains of a node that prints nothing, or what no newline ends, until it prints a line", () =>
    Effect.gen(function* () {
      const complaint = Effect.fnUntraced(function* (script: string, how: string, until: (text?: string) => boolean) {
        const { host, init } = yield* make(script, how)
        const node = yield* host.start(n0)
        yield* logged(node, /(.)/)
        yield* Effect.forkScoped(Effect.ignore(init(n0)))
        return yield* node.complaint!.pipe(Effect.repeat({ until, schedule: Schedule.spaced("20 millis") }))
      })
      assert.match(
        (yield* complaint("misbehave.mjs", "never-answer", () => true))!,
        /^has printed nothing on stdout: .* flushed/
      )
      assert.strictEqual(
        yield* complaint("misbehave.mjs", "print-without-newline", (text) => !text?.startsWith("has printed nothing")),
        "has printed 66 characters on stdout that no newline ends, as each message has to end: " +
          '{"src":"n0","dest":"c0","body":{"type":"init_ok","in_reply_to":1}}'
      )
      assert.isUndefined(yield* complaint("echo.mjs", "", (text) => text === undefined))
    })
  )

  it.live("tells of an executable that cannot be started", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const directory = yield* fs.makeTempDirectoryScoped()
      const script = `${directory}/script`
      yield* fs.writeFileString(script, "#!/no/such/interpreter\n", { mode: 0o755 })
      const found = {
        "./no-such-node": "nothing",
        "no-such-command": "nothing",
        [fixture("echo.mjs")]: "a file that is not executable",
        [directory]: "a directory",
        [script]: "a script whose interpreter does not exist"
      }
      for (const [bin, what] of Object.entries(found)) {
        const { host } = yield* make("echo.mjs", "", { bin, args: [] })
        const failure = yield* Effect.flip(host.start(n0))
        assert.strictEqual(failure.message, `n0 could not be started: expected an executable at ${bin}, found ${what}`)
      }
    }).pipe(Effect.provide(NodeServices.layer))
  )

  it.live("starts a command that is found on the PATH", () =>
    Effect.gen(function* () {
      const { host, init } = yield* make("echo.mjs", "", {
        bin: "env",
        args: [process.execPath, fixture("echo.mjs")]
      })
      yield* host.start(n0)
      yield* init(n0)
    })
  )

  it.live("leaves no process behind when its scope closes, even one that ignores SIGTERM", () =>
    Effect.gen(function* () {
      const { host, init } = yield* make("misbehave.mjs", "ignore-sigterm")
      const scope = yield* Scope.make()
      const node = yield* Scope.provide(host.start(n0), scope)
      yield* Effect.forkChild(Effect.exit(init(n0)))
      yield* logged(node, /(ready)/)
      const pid = Number(yield* logged(node, /^process (\d+)/))
      yield* Scope.close(scope, Exit.void)
      yield* awaitGone(pid)
      assert.include(yield* node.log, "SIGTERM ignored")
      assert.isTrue(Option.isNone(yield* Effect.timeoutOption(node.failure, 100)), "it did not fail")
    })
  )

  it.live("leaves no process of a node's own making behind", () =>
    Effect.gen(function* () {
      const { host, init } = yield* make("misbehave.mjs", "have-children")
      const scope = yield* Scope.make()
      const node = yield* Scope.provide(host.start(n0), scope)
      yield* Effect.forkChild(Effect.exit(init(n0)))
      const child = Number(yield* logged(node, /^child (\d+)/m))
      yield* Scope.close(scope, Exit.void)
      yield* awaitGone(child)
    })
  )

  it.live("leaves no process behind when what runs it is interrupted", () =>
    Effect.gen(function* () {
      const { host, connect, init } = yield* make("echo.mjs")
      const pids = yield* Deferred.make<ReadonlyArray<number>>()
      const running = yield* Effect.gen(function* () {
        yield* Effect.forEach([n0, n1], host.start)
        yield* Effect.forEach([n0, n1], init)
        yield* Deferred.completeWith(
          pids,
          Effect.forEach([n0, n1], (id) => Effect.map(Effect.orDie(connect(id).call(Count, {})), ({ pid }) => pid))
        )
        return yield* Effect.never
      }).pipe(Effect.scoped, Effect.forkChild)
      const started = yield* Deferred.await(pids)
      yield* Fiber.interrupt(running)
      yield* Effect.forEach(started, awaitGone)
    })
  )

  it.live("tells of a message that the network cannot take", () =>
    Effect.gen(function* () {
      const network: Network.Network = {
        attach: () => undefined,
        send: () => {
          throw new RangeError("too much")
        },
        drop: () => undefined,
        heal: () => undefined,
        faults: Network.reliable,
        journal: []
      }
      const { host } = yield* make("misbehave.mjs", "print-at-once", { network })
      const node = yield* host.start(n0)
      const failure = yield* Effect.flip(node.failure)
      assert.strictEqual(failure.message, "n0 printed what nobody could take: RangeError: too much")
    })
  )

  it.live("writes what nodes print on stderr to a file each, over restarts", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const logDirectory = `${yield* fs.makeTempDirectoryScoped()}/node/logs`
      const { host, init } = yield* make("echo.mjs", "", { logDirectory })
      const node = yield* host.start(n0)
      yield* init(n0)
      yield* node.crash
      yield* node.restart
      yield* init(n0)
      yield* node.crash
      const lines = ["echo node starts", "echo node is n0", "echo node starts", "echo node is n0"]
      assert.deepStrictEqual(yield* node.log, lines)
      assert.strictEqual(yield* fs.readFileString(`${logDirectory}/n0.log`), lines.map((line) => `${line}\n`).join(""))
    }).pipe(Effect.provide(NodeServices.layer))
  )

  it.live("logs what nodes print on stderr where that is asked for", () =>
    Effect.gen(function* () {
      const shown: Array<unknown> = []
      const logger = Logger.make(({ message }) => void shown.push(message))
      yield* Effect.gen(function* () {
        const { host, init } = yield* make("echo.mjs", "", { logStderr: true })
        const node = yield* host.start(n0)
        yield* init(n0)
        yield* node.crash
      }).pipe(Effect.provide(Logger.layer([logger])))
      assert.deepStrictEqual(shown.flat(), ["n0: echo node starts", "n0: echo node is n0"])
    })
  )
})
