import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import manifest from "../../package.json" with { type: "json" }
import { challenges } from "../../src/challenges/registry.ts"
import { Bundle } from "./Bundle.ts"
import { invoke } from "./Invocation.ts"
import { run } from "./Process.ts"

layer(Bundle.layer, { excludeTestServices: true })("the command line", (it) => {
  it.effect.each([
    { args: ["node", "9z"], names: "9z" },
    { args: ["node", "2", "--strategy", "magic"], names: "magic" },
    { args: ["node", "2", "--strategy=toString"], names: "toString" },
    { args: ["node"], names: "challenge" },
    { args: ["node", "1", "--wat"], names: "--wat" },
    { args: ["node", "4", "--abort-rate", "0.2"], names: "--abort-rate" },
    { args: ["node", "6c", "--abort-rate", "1.5"], names: "1.5" },
    { args: ["nod"], names: "there is no command nod, did you mean node?" },
    { args: ["frob"], names: "there is no command frob (see --help)" },
    { args: ["test", "3d", "--rat", "5", "--rat", "6"], names: "no flag --rat, did you mean --rate?" },
    { args: ["test", "3d", "-rate", "5"], names: "no flag -rate, did you mean --rate?" },
    { args: ["check", "x", "--wrkload", "echo"], names: "no flag --wrkload, did you mean --workload?" },
    { args: ["compare", "3", "--sede", "5"], names: "no flag --sede, did you mean --seed?" },
    { args: ["replay", "x", "--jsn"], names: "no flag --jsn, did you mean --json?" },
    { args: ["list", "--all"], names: "no flag --all (see --help)" },
    { args: ["test", "1", "--strategy", "echo", "--strategy", "magic"], names: "magic" },
    { args: ["test", "1", "--json", "1"], names: "expected one challenge, got: 1, 1" }
  ])("refuses $args in one line on stderr that names what is wrong, with exit code 2", ({ args, names }) =>
    Effect.gen(function* () {
      const { code, stderr, stdout } = yield* invoke(args)
      assert.strictEqual(stdout, "")
      assert.match(stderr, /^glomers[^\n]+\n$/)
      assert.include(stderr, names)
      assert.strictEqual(code, 2)
    })
  )

  it.effect("refuses as a process what it refuses in this one", () =>
    Effect.gen(function* () {
      const args = ["test", "9z"]
      assert.deepStrictEqual(yield* run(args), yield* invoke(args))
    })
  )

  it.effect("is no worker where it is no thread", () =>
    Effect.gen(function* () {
      const { code, stderr, stdout } = yield* run(["worker"])
      assert.deepStrictEqual([stdout, code], ["", 2])
      assert.match(stderr, /^glomers[^\n]+threads[^\n]*\n$/)
    })
  )

  it.effect.each([{ args: ["node", "1"] }, { args: ["node", "1", "--strategy=echo"] }, { args: ["list"] }])(
    "refuses a log level that there is not: $args",
    ({ args }) =>
      Effect.gen(function* () {
        const ended = yield* run(args, { GLOMERS_LOG: "nonsense" })
        assert.deepStrictEqual(ended, {
          code: 2,
          stdout: "",
          stderr: "glomers: GLOMERS_LOG is not one of: trace, debug, info, warn, error, fatal, none\n"
        })
      })
  )

  it.effect.each([
    { args: ["--help"] },
    { args: ["node", "--help"] },
    { args: ["--completions", "bash"] },
    { args: ["--completions", "zsh"] }
  ])("prints what $args asks for, with exit code 0", ({ args }) =>
    Effect.gen(function* () {
      const { code, stderr, stdout } = yield* invoke(args)
      assert.include(stdout, "glomers")
      assert.strictEqual(stderr, "")
      assert.strictEqual(code, 0)
    })
  )

  it.effect("prints the package's version", () =>
    Effect.map(run(["--version"]), ({ code, stdout }) => {
      assert.include(stdout, manifest.version)
      assert.strictEqual(code, 0)
    })
  )

  it.effect("lists every challenge with its strategies and official flags", () =>
    Effect.gen(function* () {
      const { code, stdout } = yield* run(["list"])
      assert.strictEqual(code, 0)
      const rows = stdout.split("\n").slice(2)
      assert.deepStrictEqual(
        rows.map((row) => row.split(" ")[0]),
        challenges.map(({ id }) => id)
      )
      assert.include(stdout, "counter, snowflake, sequential")
      assert.include(stdout, "-w echo --node-count 1 --time-limit 10")
    })
  )
})
