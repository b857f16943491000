import { assert, layer } from "@effect/vitest"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Effect, FileSystem, Layer, Schedule } from "effect"
import { Bundle } from "../Bundle.ts"
import { invoke } from "../Invocation.ts"
import { parsed, temporaryDirectory } from "../Printed.ts"
import { run, start } from "../Process.ts"
import { failing, program } from "./echoProgram.ts"

layer(Layer.merge(Bundle.layer, NodeServices.layer), { excludeTestServices: true, timeout: "60 seconds" })(
  "glomers test --seeds",
  (it) => {
    it.effect("gives a seed the same results alone as among others", () =>
      Effect.gen(function* () {
        const out = yield* temporaryDirectory
        const flags = ["test", "3a", "--time-limit", "2", "--json", "--out", out]
        const alone = yield* invoke([...flags, "--seed", "2"])
        const among = yield* run([...flags, "--seeds", "1..3"])
        const ofSeed = parsed(among.stdout).find(({ seed }) => seed === 2)
        assert.deepStrictEqual(ofSeed?.results, parsed(alone.stdout)[0].results)
      })
    )

    it.effect("lets nodes abort transactions, alone and on threads, of which nothing is seen", () =>
      Effect.gen(function* () {
        const out = yield* temporaryDirectory
        const flags = ["--abort-rate", "0.2", "--time-limit", "2", "--rate", "200", "--json", "--out", out]
        const alone = yield* invoke(["test", "6c", ...flags, "--availability", "0.5", "--seed", "1"])
        const among = yield* run(["test", "6c", ...flags, "--availability", "0.5", "--seeds", "1..2"])
        const total = yield* invoke(["test", "6c", ...flags])
        assert.deepStrictEqual([alone.code, among.code, total.code], [0, 0, 1])
        const [{ results }] = parsed(alone.stdout)
        assert.isBelow(results.availability["ok-fraction"], 0.95)
        assert.isAbove(results.availability["ok-fraction"], 0.7)
        assert.deepStrictEqual(parsed(among.stdout).find(({ seed }) => seed === 1)?.results, results)
      })
    )

    it.effect("fails the seed in which a node does not start, says why, and goes on with the others", () =>
      Effect.gen(function* () {
        const out = yield* temporaryDirectory
        const once = (name: string, ...flags: ReadonlyArray<string>) =>
          Effect.gen(function* () {
            const bin = yield* program(`${out}/${name}`, `mkdir "$0-failed" 2>/dev/null && ${failing}`)
            return yield* run([
              "test",
              "1",
              "--bin",
              bin,
              "--time-limit",
              "1",
              "--out",
              out,
              "--seeds",
              "1..4",
              ...flags
            ])
          })
        const { code, stderr, stdout } = yield* once("once")
        assert.deepStrictEqual([code, stderr], [1, ""])
        assert.match(
          stdout,
          /^challenge 1, seed (\d), could not run: n0 exited with code 3.*\n {2}Its last lines on stderr:\n {4}out of milk\n {2}again: .* --seed \1/m
        )
        assert.match(stdout, /^1: 3 of 4 valid/m)
        assert.match(stdout, /^in all: 3 of 4 valid, 0 not valid, 1 could not run, /m)

        const json = yield* once("json", "--json")
        const lines = parsed(json.stdout)
        assert.deepStrictEqual([json.code, lines.length], [1, 4])
        const [failed, ...rest] = lines.filter(({ valid }) => valid === null)
        assert.deepStrictEqual(rest, [])
        assert.deepInclude(failed, { challenge: "1", workload: "echo", strategy: null, log: ["out of milk"] })
        assert.match(failed.error, /^n0 exited with code 3/)
      })
    )

    it.effect("gives up a program that fails alike with every seed, and exits with 2", () =>
      Effect.gen(function* () {
        const out = yield* temporaryDirectory
        const bin = yield* program(`${out}/bad`, failing)
        const { code, stderr, stdout } = yield* run(["test", "1", "--bin", bin, "--out", out, "--seeds", "1..400"])
        assert.strictEqual(code, 2)
        const rows = stdout.match(/could not run: n0 exited with code 3/g)?.length ?? 0
        assert.isAtLeast(rows, 5)
        assert.isBelow(rows, 400)
        assert.match(
          stderr,
          new RegExp(
            `^glomers: 1: ${rows} runs failed alike, so the other ${400 - rows} were not tried\n` +
              "glomers: no run came to a verdict: n0 exited with code 3.*\n$"
          )
        )
      })
    )

    it.effect("ends the processes that its threads have started when it is interrupted", () =>
      Effect.gen(function* () {
        const fs = yield* FileSystem.FileSystem
        const out = yield* temporaryDirectory
        const bin = `${out}/slow`
        // Leaves a trace when it starts, and another when it is told to stop.
        yield* fs.writeFileString(
          bin,
          `#!/bin/sh\ntrap 'touch "${out}/stopped-$$"; exit 0' TERM\ntouch "${out}/started-$$"\nwhile :; do sleep 0.1; done\n`,
          { mode: 0o755 }
        )
        const command = yield* start(["test", "1", "--bin", bin, "--out", `${out}/store`, "--seeds", "1..9"])
        const traces = (of: string) =>
          Effect.map(fs.readDirectory(out), (names) => names.flatMap((name) => name.split(`${of}-`)[1] ?? []))
        const started = yield* traces("started").pipe(
          Effect.repeat({ until: (pids) => pids.length > 0, schedule: Schedule.spaced(20) })
        )
        yield* command.signal("SIGINT")
        assert.strictEqual((yield* command.ending).code, 130)
        assert.includeMembers([...(yield* traces("stopped"))], [...started])
      })
    )
  }
)
