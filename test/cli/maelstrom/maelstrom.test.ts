import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, layer } from "@effect/vitest"
import { Effect, FileSystem, Layer, Option, Path, Schedule } from "effect"
import * as Executable from "../../../src/cli/maelstrom/Executable.ts"
import { Bundle } from "../Bundle.ts"
import { invoke } from "../Invocation.ts"
import { run, start } from "../Process.ts"

const fakes = `${import.meta.dirname}/../../maelstrom`

/** A folder of its own for every run's store. */
const temporaryDirectory = Effect.flatMap(FileSystem.FileSystem, (fileSystem) => fileSystem.makeTempDirectoryScoped())

/** The folder of a program named `maelstrom`: a shell script. */
const script = Effect.fnUntraced(function* (lines: string) {
  const fileSystem = yield* FileSystem.FileSystem
  const folder = yield* temporaryDirectory
  yield* fileSystem.writeFileString(`${folder}/maelstrom`, `#!/bin/sh\n${lines}\n`, { mode: 0o755 })
  return folder
})

/** The Maelstrom that is installed here, if any is. */
const real = await Effect.runPromise(
  Effect.option(Executable.maelstrom("all")).pipe(Effect.provide(NodeServices.layer))
)

/** Runs `glomers maelstrom` with the stand-in, which the environment can make misbehave. */
const maelstrom = Effect.fnUntraced(function* (args: ReadonlyArray<string>, env: Record<string, string> = {}) {
  const out = yield* temporaryDirectory
  return { out, ...(yield* run(["maelstrom", ...args, "--out", out], { MAELSTROM: fakes, ...env })) }
})

const parsed = (stdout: string) =>
  stdout
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line))

const commandLine = Effect.fnUntraced(function* (out: string) {
  const fileSystem = yield* FileSystem.FileSystem
  const log = yield* fileSystem.readFileString(`${out}/store/latest/jepsen.log`)
  return log.split("\n")[1]
})

layer(Layer.merge(Bundle.layer, NodeServices.layer), { excludeTestServices: true })("glomers maelstrom", (it) => {
  it.effect("runs a challenge with its official flags, and prints the table of `glomers test`", () =>
    Effect.gen(function* () {
      const { executable } = yield* Bundle
      const { code, out, stderr, stdout } = yield* maelstrom(["1"])
      assert.deepStrictEqual([stderr, code], ["", 0])
      assert.match(stdout, /^challenge +strategy +verdict +msgs\/op +median ms +max ms +available +wall s +seed$/m)
      assert.match(stdout, /^1 +echo +valid +0 +- +- +1 +[\d.]+ +-$/m)
      assert.match(stdout, new RegExp(`\nThe results are in ${out}/store/echo/\\S+\\.\n?$`))
      const flags = "--node-count 1 --time-limit 10"
      assert.strictEqual(
        yield* commandLine(out),
        `lein run test -w echo --bin ${executable} ${flags} -- node 1 --strategy echo`
      )
    })
  )

  it.effect.skipIf(Option.isNone(real))("runs the real Maelstrom where it is installed", () =>
    Effect.gen(function* () {
      const { code, stderr, stdout } = yield* maelstrom(["1", "--time-limit", "2", "--json"], {
        MAELSTROM: Option.getOrElse(real, () => "")
      })
      assert.deepStrictEqual([stderr, code], ["", 0])
      const [{ results, valid }] = parsed(stdout)
      assert.isTrue(valid)
      assert.isAbove(results.stats["by-f"].echo["ok-count"], 0)
    })
  )

  it.effect("prints a line of JSON a run with Maelstrom's results", () =>
    Effect.gen(function* () {
      const { code, out, stderr, stdout } = yield* maelstrom(["3b", "--json"])
      assert.deepStrictEqual([stderr, code], ["", 0])
      const [{ results, stored, ...report }, ...rest] = parsed(stdout)
      assert.deepStrictEqual(rest, [])
      assert.deepInclude(report, { challenge: "3b", workload: "broadcast", strategy: "replicated", seed: null })
      assert.deepInclude(report, { valid: true, limits: [], anomalies: [], warnings: [], strict: false })
      assert.strictEqual(results.stats["by-f"].broadcast["ok-count"], 5)
      assert.isAbove(results.net.servers["msgs-per-op"], 0)
      assert.strictEqual(results.exceptions.exceptions[0].example.exception.via[0].at[3], 15)
      const fileSystem = yield* FileSystem.FileSystem
      assert.strictEqual(yield* fileSystem.realPath(stored), yield* fileSystem.realPath(`${out}/store/latest`))
    })
  )

  it.effect("compares what was measured with the official limits, and exits with 1 where it misses one", () =>
    Effect.gen(function* () {
      const { code, stderr, stdout } = yield* maelstrom(["3d"], {
        FAKE_MAELSTROM_NODES: "1",
        FAKE_MAELSTROM_MSGS_PER_OP: "29.5",
        FAKE_MAELSTROM_LATENCIES: "300,700"
      })
      assert.deepStrictEqual([stderr, code], ["", 1])
      assert.include(stdout, "  limit: maximum latency (ms) is 700, expected below 600.")
      assert.match(stdout, /^3d +\S+ +over limit +29\.5 < 30 +300 < 400 +700 ≥ 600 +1 /m)
    })
  )

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
    { FAKE_MAELSTROM: "invalid", verdict: "invalid", why: 'workload: errors [["Expected a message with :echo"' },
    { FAKE_MAELSTROM: "unknown", verdict: "unknown", why: "workload: error class java.lang.Double cannot be cast" }
  ])("exits with 1 and shows why where the verdict is $verdict", ({ FAKE_MAELSTROM, verdict, why }) =>
    Effect.gen(function* () {
      const { code, stderr, stdout } = yield* maelstrom(["1"], { FAKE_MAELSTROM })
      assert.deepStrictEqual([stderr, code], ["", 1])
      assert.include(stdout, why)
      assert.match(stdout, new RegExp(`^1 +echo +${verdict} `, "m"))
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

  it.effect("says in one message how to come by Maelstrom where there is none", () =>
    Effect.gen(function* () {
      const { code, out, stderr, stdout } = yield* maelstrom(["4"], { MAELSTROM: "", PATH: "/nowhere" })
      assert.deepStrictEqual([stdout, code], ["", 2])
      assert.match(stderr, /^glomers: there is no Maelstrom here/)
      for (const way of [
        "nix run .#challenge-4",
        "maelstrom/releases",
        "JDK",
        "Graphviz",
        "gnuplot",
        "glomers test 4"
      ]) {
        assert.include(stderr, way)
      }
      const fileSystem = yield* FileSystem.FileSystem
      assert.deepStrictEqual(yield* fileSystem.readDirectory(out), [])
    })
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

  it.effect("keeps what reads results apart from what a node loads", () =>
    Effect.gen(function* () {
      const fileSystem = yield* FileSystem.FileSystem
      const path = yield* Path.Path
      const { executable } = yield* Bundle
      const read = (name: string) => fileSystem.readFileString(path.join(path.dirname(executable), name))
      const names = (yield* fileSystem.readDirectory(path.dirname(executable))).filter((name) => name.endsWith(".mjs"))
      const chunks = new Map(
        yield* Effect.forEach(names, (name) => Effect.map(read(name), (text) => [name, text] as const))
      )
      // Sets grow while they are walked.
      const loaded = new Set([path.basename(executable)])
      for (const name of loaded) {
        for (const [, imported] of chunks.get(name)!.matchAll(/(?:from|import)\s*["`']\.\/([^"`']+)/g)) {
          loaded.add(imported!)
        }
      }
      const holding = names.filter((name) => chunks.get(name)!.includes("no EDN before character"))
      assert.isNotEmpty(holding)
      assert.isAbove(loaded.size, 1)
      assert.deepStrictEqual(
        holding.filter((name) => loaded.has(name)),
        []
      )
    })
  )

  it.effect.each([
    { args: [], names: "all, 1, 2" },
    { args: ["9z"], names: "9z" },
    { args: ["1", "2"], names: "1, 2" },
    { args: ["1", "--strategy", "magic"], names: "magic" },
    { args: ["all", "--strategy", "echo"], names: "--strategy" },
    { args: ["1", "-w", "broadcast"], names: "-w" },
    { args: ["1", "--workload=broadcast"], names: "--workload" },
    { args: ["1", "--bin", "x"], names: "--bin" },
    { args: ["--rate", "5", "1"], names: "--rate" }
  ])("refuses $args in one line on stderr that names what is wrong, with exit code 2", ({ args, names }) =>
    Effect.gen(function* () {
      const { code, stderr, stdout } = yield* invoke(["maelstrom", ...args], { MAELSTROM: fakes })
      assert.deepStrictEqual([stdout, code], ["", 2])
      assert.match(stderr, /^glomers[^\n]+\n$/)
      assert.include(stderr, names)
    })
  )
})
