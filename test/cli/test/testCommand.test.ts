import { assert, layer } from "@effect/vitest"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Effect, FileSystem, Layer } from "effect"
import { Bundle } from "../Bundle.ts"
import { invoke } from "../Invocation.ts"
import { parsed, temporaryDirectory } from "../Printed.ts"
import { run, start } from "../Process.ts"
import { failing, program } from "./echoProgram.ts"

const seedsOf = (stdout: string) => parsed(stdout).map(({ seed, valid }) => [seed, valid])

layer(Layer.merge(Bundle.layer, NodeServices.layer), { excludeTestServices: true, timeout: "60 seconds" })(
  "glomers test",
  (it) => {
    it.effect("prints a line of JSON a run with Maelstrom's keys, and exits with 0 where the run is valid", () =>
      Effect.gen(function* () {
        const out = yield* temporaryDirectory
        const { code, stderr, stdout } = yield* run(["test", "1", "--time-limit", "2", "--json", "--out", out])
        assert.strictEqual(stderr, "")
        assert.strictEqual(code, 0)
        const [report, ...rest] = parsed(stdout)
        assert.deepStrictEqual(rest, [])
        assert.deepInclude(report, { challenge: "1", workload: "echo", strategy: "echo", seed: 0, valid: true })
        assert.isAtLeast(report.wallMillis, 1)
        assert.deepStrictEqual([report.limits, report.anomalies, report.warnings], [[], [], []])
        assert.strictEqual(report.results.availability["ok-fraction"], 1)
        assert.strictEqual(report.results.net.servers["msgs-per-op"], 0)
        assert.strictEqual(report.results.net.clients["send-count"], report.results.stats.count * 2 + 2)
      })
    )

    it.effect("stores a run, and judges what it stored as it judged the run", () =>
      Effect.gen(function* () {
        const fs = yield* FileSystem.FileSystem
        const out = yield* temporaryDirectory
        const tested = yield* invoke(["test", "3a", "--time-limit", "2", "--json", "--out", out, "--seed", "5"])
        const history = `${out}/broadcast/latest/history.jsonl`
        const checked = yield* invoke(["check", "-w", "broadcast", "--node-count", "1", "--json", history])
        assert.deepStrictEqual([tested.code, checked.code], [0, 0])
        const [{ results, stored }] = parsed(tested.stdout)
        const [{ results: again }] = parsed(checked.stdout)
        assert.strictEqual(yield* fs.realPath(`${out}/latest`), yield* fs.realPath(stored))
        assert.deepStrictEqual({ ...again, net: results.net }, results)
      })
    )

    it.effect("runs as many tests as it is told to, with one seed after the other, until one is not valid", () =>
      Effect.gen(function* () {
        const out = yield* temporaryDirectory
        const flags = ["--time-limit", "2", "--json", "--out", out, "--test-count", "3"]
        const valid = yield* invoke(["test", "1", ...flags, "--seed", "4"])
        assert.deepStrictEqual(
          [valid.code, seedsOf(valid.stdout)],
          [
            0,
            [
              [4, true],
              [5, true],
              [6, true]
            ]
          ]
        )
        const never = ["6c", "--strategy", "no-replication", "--consistency-models", "serializable"]
        const invalid = yield* invoke(["test", ...never, ...flags])
        assert.deepStrictEqual([invalid.code, seedsOf(invalid.stdout)], [1, [[0, false]]])
        const table = yield* invoke([
          "test",
          ...never,
          "--no-json",
          "--time-limit",
          "2",
          "--out",
          out,
          "--test-count",
          "3"
        ])
        assert.include(table.stdout, "1 of 3 tests were run, the last of which is not valid.")
      })
    )

    it.effect("names nodes as it is told to, in messages, logs and what it finds", () =>
      Effect.gen(function* () {
        const fs = yield* FileSystem.FileSystem
        const out = yield* temporaryDirectory
        const flags = ["--nodes", "alpha,beta", "--node", "gamma", "--time-limit", "1", "--out", out, "--json"]
        const named = yield* invoke(["test", "2", "--bin", "/bin/false", ...flags])
        assert.match(named.stderr, /(alpha|beta|gamma) exited with code 1/)
        const { code, stdout } = yield* invoke(["test", "3a", "-w", "echo", ...flags])
        assert.strictEqual(code, 1)
        const [{ options, stored }] = parsed(stdout)
        assert.deepInclude(options, { nodeCount: 3, nodeNames: ["alpha", "beta", "gamma"], concurrency: 3 })
        assert.sameMembers(yield* fs.readDirectory(`${stored}/node-logs`), ["alpha.log", "beta.log", "gamma.log"])
      })
    )

    it.effect("takes flags of Jepsen that have no effect here, and says so in one line", () =>
      Effect.gen(function* () {
        const out = yield* temporaryDirectory
        const flags =
          "--no-ssh --username me --password=x --ssh-private-key k --strict-host-key-checking --leave-db-running --logging-json"
        const { code, stderr } = yield* invoke(["test", ...flags.split(" "), "1", "--time-limit", "1", "--out", out])
        assert.strictEqual(code, 0)
        assert.match(stderr, /^glomers: without effect here: [^\n]+\n$/)
        for (const [flag] of flags.matchAll(/--[a-z-]+/g)) {
          assert.include(stderr, flag)
        }
      })
    )

    it.effect("exits with 1 and shows why where the run is not valid", () =>
      Effect.gen(function* () {
        const out = yield* temporaryDirectory
        const { code, stderr, stdout } = yield* invoke(["test", "3a", "-w", "echo", "--time-limit", "1", "--out", out])
        assert.strictEqual(code, 1)
        assert.strictEqual(stderr, "")
        assert.include(stdout, "never-succeeded")
        assert.match(stdout, /^3a +single-node +invalid .* 0$/m)
      })
    )

    it.effect("says of a run that its faults touched nothing, in each of its forms", () =>
      Effect.gen(function* () {
        const fs = yield* FileSystem.FileSystem
        const out = yield* temporaryDirectory
        const idle = ["test", "6b", "--time-limit", "1", "--nemesis-targets", "minority-third", "--out", out]
        const [text, json, seeds] = yield* Effect.all([
          invoke(idle),
          invoke([...idle, "--json"]),
          run([...idle, "--seeds", "1..1"])
        ])
        assert.deepStrictEqual([text.code, json.code, seeds.code], [0, 0, 0])
        assert.match(text.stdout, /^ {2}faults: partition touched nothing/m)
        assert.match(seeds.stdout, /^challenge 6b, .*, partition touched nothing$/m)
        const [{ idleFaults, stored }] = parsed(json.stdout)
        assert.deepStrictEqual(idleFaults, ["partition"])
        assert.deepStrictEqual(JSON.parse(yield* fs.readFileString(`${stored}/results.json`)).idleFaults, ["partition"])
        const cutting = ["test", "6b", "--time-limit", "1", "--strict", "--json", "--out", out]
        assert.deepStrictEqual(parsed((yield* invoke(cutting)).stdout)[0].idleFaults, [])
      })
    )

    it.effect("runs seeds on threads, stores those that fail, and says how to repeat each", () =>
      Effect.gen(function* () {
        const fs = yield* FileSystem.FileSystem
        const out = yield* temporaryDirectory
        const passed = yield* run(["test", "1", "--seeds", "1..3", "--time-limit", "1", "--out", `${out}/passed`])
        assert.deepStrictEqual([passed.code, passed.stderr], [0, ""])
        assert.match(passed.stdout, /^in all: 3 of 3 valid/m)
        assert.isFalse(yield* fs.exists(`${out}/passed`))

        const flags = ["-w", "echo", "--time-limit", "1", "--out", out]
        const failed = yield* run(["test", "3a", "--seeds", "4..5", ...flags])
        assert.deepStrictEqual([failed.code, failed.stderr], [1, ""])
        assert.match(failed.stdout, /^in all: 0 of 2 valid, 2 not valid/m)
        for (const seed of [4, 5]) {
          assert.include(failed.stdout, ["test 3a --seed", seed, ...flags].join(" "))
        }
        const names = yield* fs.readDirectory(`${out}/echo`)
        assert.strictEqual(names.filter((name) => /-seed-[45]$/.test(name)).length, 2)
      })
    )

    it.effect("tests a program of somebody else's", () =>
      Effect.gen(function* () {
        const fs = yield* FileSystem.FileSystem
        const { executable } = yield* Bundle
        const out = yield* temporaryDirectory
        const args = ["--time-limit", "1", "--rate", "20", "--node-count", "2", "--json", "--out", out]
        const { code, stderr, stdout } = yield* invoke([
          "test",
          "--bin",
          process.execPath,
          "-w",
          "echo",
          ...args,
          "--",
          executable,
          "node",
          "1"
        ])
        assert.deepStrictEqual([code, stderr], [0, ""])
        const [report] = parsed(stdout)
        assert.deepInclude(report, { challenge: null, strategy: null, workload: "echo", valid: true })
        assert.sameMembers(yield* fs.readDirectory(`${report.stored}/node-logs`), ["n0.log", "n1.log"])
      })
    )

    it.effect("says what a program does wrong, with its last words, and exits with 2", () =>
      Effect.gen(function* () {
        const fs = yield* FileSystem.FileSystem
        const out = yield* temporaryDirectory
        const bin = `${out}/bad`
        yield* fs.writeFileString(bin, "#!/bin/sh\necho out of milk >&2\nexit 3\n", { mode: 0o755 })
        const { code, stderr, stdout } = yield* invoke(["test", "1", "--bin", bin, "--out", out, "--json"])
        assert.deepStrictEqual([code, stdout], [2, ""])
        assert.match(
          stderr,
          /^glomers: challenge 1, seed 0: n0 exited with code 3.*\nIts last lines on stderr:\n {2}out of milk\n$/
        )
      })
    )

    it.effect("goes on with the other challenges where a node fails in one of all", () =>
      Effect.gen(function* () {
        const out = yield* temporaryDirectory
        const bin = yield* program(`${out}/bad`, failing)
        const { code, stderr, stdout } = yield* invoke(["test", "all", "--bin", bin, "--out", out])
        assert.strictEqual(code, 2)
        assert.match(stderr, /^glomers: no run came to a verdict: n0 exited with code 3.*\n$/)
        for (const challenge of ["1", "3b", "6c"]) {
          assert.match(
            stdout,
            new RegExp(`^challenge ${challenge}, seed 0, could not run: n\\d+ exited with code 3`, "m")
          )
          assert.match(stdout, new RegExp(`^${challenge} +- +could not run +- .* 0$`, "m"))
        }
      })
    )

    it.effect("says that there is no program, and leaves nothing behind", () =>
      Effect.gen(function* () {
        const fs = yield* FileSystem.FileSystem
        const out = yield* temporaryDirectory
        const { code, stderr, stdout } = yield* invoke(["test", "1", "--bin", "/nowhere/at-all", "--out", out])
        assert.deepStrictEqual([code, stdout], [2, ""])
        assert.match(stderr, /^glomers: [^\n]*\/nowhere\/at-all[^\n]*\n$/)
        assert.deepStrictEqual(yield* fs.readDirectory(`${out}/echo`), [])
      })
    )

    it.effect(
      "ends at once with 130 when it is interrupted",
      () =>
        Effect.gen(function* () {
          const out = yield* temporaryDirectory
          const command = yield* start(["test", "1", "--seeds", "1..100000", "--out", out])
          // The first line, which is no message.
          yield* Effect.exit(command.message)
          yield* command.signal("SIGINT")
          const { code } = yield* command.ending
          assert.strictEqual(code, 130)
        }),
      20_000
    )

    it.effect.each([
      { args: ["test"], names: "all, 1, 2" },
      { args: ["test", "9z"], names: "9z" },
      { args: ["test", "1", "2"], names: "1, 2" },
      { args: ["test", "1", "--strategy", "magic"], names: "magic" },
      { args: ["test", "-w", "echo"], names: "--bin" },
      { args: ["test", "-w", "wishes", "--bin", "x"], names: "wishes" },
      { args: ["test", "--bin", "x"], names: "--workload" },
      { args: ["test", "1", "--bin", "x", "--strategy", "echo"], names: "--strategy" },
      { args: ["test", "1", "--", "x"], names: "--bin" },
      { args: ["test", "1", "--seed", "1", "--seeds", "1..2"], names: "--seeds" },
      { args: ["test", "1", "--seeds", "2..1"], names: "2..1" },
      { args: ["test", "1", "--topology", "ring"], names: "total" },
      { args: ["test", "1", "--nemesis", "meteor"], names: "partition" },
      { args: ["test", "2", "--nemesis", "clock", "--bin", "x"], names: "--nemesis clock" },
      { args: ["test", "2", "--nemesis", "disk", "--bin", "x"], names: "--nemesis disk" },
      { args: ["test", "2", "--durability", "synced", "--bin", "x"], names: "--durability" },
      { args: ["test", "2", "--durability", "forever"], names: "replicated" },
      { args: ["test", "5a", "--abort-rate", "0.2"], names: "5a" },
      { args: ["test", "all", "--abort-rate", "0.2"], names: "all" },
      { args: ["test", "6c", "--abort-rate", "0.2", "--bin", "x"], names: "--abort-rate" }
    ])("refuses $args in one line on stderr that names what is wrong, with exit code 2", ({ args, names }) =>
      Effect.gen(function* () {
        const { code, stderr, stdout } = yield* invoke(args)
        assert.strictEqual(stdout, "")
        assert.match(stderr, /^glomers[^\n]+\n$/)
        assert.include(stderr, names)
        assert.strictEqual(code, 2)
      })
    )
  }
)
