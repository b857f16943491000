import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, layer } from "@effect/vitest"
import { Effect, FileSystem, Layer, Option, Path } from "effect"
import * as Executable from "../../../src/cli/maelstrom/Executable.ts"
import { Bundle } from "../Bundle.ts"
import { invoke } from "../Invocation.ts"
import { parsed, temporaryDirectory } from "../Printed.ts"
import { commandLine, fakes, maelstrom } from "./standIn.ts"

/** The Maelstrom that is installed here, if any is. */
const real = await Effect.runPromise(
  Effect.option(Executable.maelstrom("all")).pipe(Effect.provide(NodeServices.layer))
)

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

  it.effect("says in one message how to come by Maelstrom where there is none", () =>
    Effect.gen(function* () {
      const out = yield* temporaryDirectory
      const env = { MAELSTROM: "", PATH: "/nowhere" }
      const { code, stderr, stdout } = yield* invoke(["maelstrom", "4", "--out", out], env)
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
