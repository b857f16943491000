import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, layer } from "@effect/vitest"
import { Effect, FileSystem, Layer, Schedule } from "effect"
import { Bundle } from "../Bundle.ts"
import { run, start } from "../Process.ts"
import { parsed, temporaryDirectory } from "../Printed.ts"
import { commandLine, fakes, maelstrom, script } from "./standIn.ts"

layer(Layer.merge(Bundle.layer, NodeServices.layer), { excludeTestServices: true })("glomers maelstrom", (it) => {
  it.effect("leaves the limits aside where the load is not the official one", () =>
    Effect.gen(function* () {
      const flags = ["--node-count", "2", "--rate", "10"]
      const { code, stdout } = yield* maelstrom(["3d", "--json", ...flags], { FAKE_MAELSTROM_LATENCIES: "300,700" })
      assert.strictEqual(code, 0)
      assert.deepInclude(parsed(stdout)[0], { limits: [], valid: true })
    })
  )

  it.effect("gives Maelstrom what is no flag of ours, behind the official flags", () =>
    Effect.gen(function* () {
      const given = ["3d", "--node-count", "2", "--strategy", "tree", "--log-stderr", "--json", "--rate", "7"]
      const { code, out } = yield* maelstrom(given)
      assert.strictEqual(code, 0)
      const flags = "--node-count 25 --time-limit 20 --rate 100 --latency 100 --node-count 2 --log-stderr --rate 7"
      const line = yield* commandLine(out)
      assert.isTrue(line?.endsWith(` ${flags} -- node 3d --strategy tree`), line)
    })
  )

  it.effect("prints what Maelstrom prints on stderr if asked to", () =>
    Effect.gen(function* () {
      const { code, stderr, stdout } = yield* maelstrom(["1", "--verbose", "--json"])
      assert.strictEqual(code, 0)
      assert.strictEqual(parsed(stdout).length, 1)
      assert.match(stderr, /^INFO .*jepsen\.core Command line:\nlein run test -w echo /)
      assert.include(stderr, "\nEverything looks good! ヽ(‘ー`)ノ\n")
    })
  )

  it.effect.each([
    {
      name: "crashes",
      env: { FAKE_MAELSTROM: "crash" },
      program: undefined,
      stderr:
        /^glomers: challenge 1: [^\n]*exit code 255\nIt said last:\n {2}clojure\.lang\.ExceptionInfo: Out of cheese\n$/
    },
    {
      name: "leaves results that cannot be read",
      env: { FAKE_MAELSTROM: "garbage" },
      program: undefined,
      stderr: /^glomers: challenge 1: [^\n]*no results that can be read in [^\n]*\/store\/echo\/[^\n]*\n$/
    },
    {
      name: "is something else",
      env: {},
      program: "exit 1",
      stderr: /^glomers: challenge 1: Maelstrom left no results, and ended with exit code 1\n$/
    }
  ])("exits with 2 and says what happened where Maelstrom $name", ({ env, program, stderr: expected }) =>
    Effect.gen(function* () {
      const MAELSTROM = program === undefined ? fakes : yield* script(program)
      const { code, stderr, stdout } = yield* maelstrom(["1"], { ...env, MAELSTROM })
      assert.deepStrictEqual([stdout, code], ["", 2])
      assert.match(stderr, expected)
    })
  )

  it.effect("does not take the results of an earlier run for those of one that left none", () =>
    Effect.gen(function* () {
      const out = yield* temporaryDirectory
      const first = yield* run(["maelstrom", "1", "--out", out], { MAELSTROM: fakes })
      const second = yield* run(["maelstrom", "1", "--out", out], { MAELSTROM: yield* script("exit 0") })
      assert.deepStrictEqual([first.code, second.code], [0, 2])
      assert.include(second.stderr, "left no results")
    })
  )

  it.effect("shows what Maelstrom says of a flag that it does not know", () =>
    Effect.gen(function* () {
      const { code, stderr } = yield* maelstrom(["1", "--wat"])
      assert.strictEqual(code, 2)
      assert.include(stderr, '\n  Unknown option: "--wat"\n')
    })
  )

  it.effect("prints what has been run before it cannot go on", () =>
    Effect.gen(function* () {
      const MAELSTROM = yield* script(`[ "$3" = echo ] || exit 254\nexec '${fakes}/maelstrom' "$@"`)
      const { code, stderr, stdout } = yield* maelstrom(["all"], { MAELSTROM })
      assert.strictEqual(code, 2)
      assert.match(stdout, /^1 +echo +valid /m)
      assert.match(stderr, /^glomers: challenge 2: [^\n]*exit code 254\n$/)
    })
  )

  it.effect.each([
    { where: "first on the PATH", env: { MAELSTROM: "", PATH: `${fakes}:${process.env["PATH"]}` } },
    { where: "named by $MAELSTROM", env: { MAELSTROM: `${fakes}/fake-maelstrom.mjs` } }
  ])("finds a Maelstrom that is $where", ({ env }) =>
    Effect.map(maelstrom(["1"], env), ({ code, stderr }) => assert.deepStrictEqual([code, stderr], [0, ""]))
  )

  it.effect("says that it has to be built where there is no program for Maelstrom to start", () =>
    Effect.gen(function* () {
      const fileSystem = yield* FileSystem.FileSystem
      const { executable } = yield* Bundle
      const folder = `${yield* temporaryDirectory}/dist`
      yield* fileSystem.copy(executable.slice(0, executable.lastIndexOf("/")), folder)
      yield* fileSystem.chmod(`${folder}/glomers.mjs`, 0o644)
      const { code, stderr } = yield* maelstrom(["1"]).pipe(
        Effect.provideService(Bundle, { executable: `${folder}/glomers.mjs` })
      )
      assert.strictEqual(code, 2)
      assert.match(stderr, /^glomers: [^\n]*\/dist\/glomers\.mjs[^\n]*npm run build[^\n]*\n$/)
    })
  )

  it.effect("ends with 130 when it is interrupted, and Maelstrom with it", () =>
    Effect.gen(function* () {
      const fileSystem = yield* FileSystem.FileSystem
      const out = yield* temporaryDirectory
      const MAELSTROM = yield* script(`echo $$ > '${out}/pid'\nexec '${fakes}/maelstrom' "$@"`)
      const command = yield* start(["maelstrom", "1", "--out", out], { env: { MAELSTROM, FAKE_MAELSTROM: "hang" } })
      yield* fileSystem.readFileString(`${out}/store/current/jepsen.log`).pipe(
        Effect.filterOrFail((log) => log.includes("Relative time begins now")),
        Effect.retry(Schedule.spaced("50 millis"))
      )
      const id = Number(yield* fileSystem.readFileString(`${out}/pid`))
      assert.isTrue(process.kill(id, 0))
      yield* command.signal("SIGINT")
      assert.deepStrictEqual(yield* command.ending, { code: 130, stderr: "" })
      assert.throws(() => process.kill(id, 0), "ESRCH")
    })
  )
})
