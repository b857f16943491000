import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, layer } from "@effect/vitest"
import { Effect, FileSystem, Layer } from "effect"
import manifest from "../../../package.json" with { type: "json" }
import { Bundle } from "../Bundle.ts"
import { invoke } from "../Invocation.ts"
import { temporaryDirectory } from "../Printed.ts"
import { run } from "../Process.ts"

const fixture = new URL("../../fixtures/nodes/echo.mjs", import.meta.url).pathname

const stored = (stdout: string): string => JSON.parse(stdout).stored

layer(Layer.merge(Bundle.layer, NodeServices.layer), { excludeTestServices: true, timeout: "60 seconds" })(
  "glomers replay",
  (it) => {
    it.effect("runs a stored run again, from its folder or its results alone, to the same history", () =>
      Effect.gen(function* () {
        const fs = yield* FileSystem.FileSystem
        const [out, other] = [yield* temporaryDirectory, yield* temporaryDirectory]
        const args = ["test", "3c", "--time-limit", "2", "--seed", "9", "--loss", "0.1", "--json", "--out", out]
        const first = stored((yield* run(args)).stdout)
        yield* fs.copyFile(`${first}/results.json`, `${other}/found.json`)
        const history = yield* fs.readFileString(`${first}/history.jsonl`)
        for (const path of [first, `${other}/found.json`]) {
          const { code, stderr, stdout } = yield* run(["replay", path, "--json", "--out", out])
          assert.deepStrictEqual([code, stderr], [0, ""])
          assert.deepInclude(JSON.parse(stdout), { challenge: "3c", seed: 9, version: manifest.version })
          assert.notStrictEqual(stored(stdout), first)
          assert.strictEqual(yield* fs.readFileString(`${stored(stdout)}/history.jsonl`), history)
        }
      })
    )

    it.effect("runs a program again with its arguments, and prints the table of `glomers test`", () =>
      Effect.gen(function* () {
        const out = yield* temporaryDirectory
        const [bin, flags] = [process.execPath, ["--time-limit", "1", "--json", "--out", out]]
        const args = ["test", "-w", "echo", "--bin", bin, ...flags, "--", fixture, "-x"]
        const first = JSON.parse((yield* invoke(args)).stdout)
        assert.deepStrictEqual(first.nodes, { kind: "process", bin, args: [fixture, "-x"] })
        const { code, stdout } = yield* invoke(["replay", first.stored, "--out", out])
        assert.strictEqual(code, 0)
        assert.match(stdout, /^echo +- +valid .* 0$/m)
        assert.include(stdout, `The results are in ${out}/echo/`)
      })
    )

    it.effect("says where the run was of another build, and exits with 1 where the new one is not valid", () =>
      Effect.gen(function* () {
        const fs = yield* FileSystem.FileSystem
        const out = yield* temporaryDirectory
        const args = ["test", "3a", "-w", "echo", "--time-limit", "1", "--json", "--out", out]
        const file = `${stored((yield* invoke(args)).stdout)}/results.json`
        const results = JSON.parse(yield* fs.readFileString(file))
        yield* fs.writeFileString(file, JSON.stringify({ ...results, version: "0.0.7", commit: "c0ffee" }))
        const { code, stderr } = yield* invoke(["replay", file, "--out", out])
        assert.strictEqual(code, 1)
        assert.include(stderr, "is of glomers 0.0.7 (c0ffee), and this is")
      })
    )

    it.effect.each([
      { content: undefined, problem: "there is no such file or folder" },
      { content: "{", problem: "is no results.json of this program" },
      { content: "{}", problem: "is no results.json of this program" }
    ])("exits with 2 and says in one line that $problem", ({ content, problem }) =>
      Effect.gen(function* () {
        const fs = yield* FileSystem.FileSystem
        const file = `${yield* temporaryDirectory}/results.json`
        if (content !== undefined) {
          yield* fs.writeFileString(file, content)
        }
        const { code, stderr, stdout } = yield* invoke(["replay", file])
        assert.deepStrictEqual([code, stdout], [2, ""])
        assert.match(stderr, /^glomers: [^\n]+\n$/)
        assert.include(stderr, problem)
      })
    )

    it.effect.each([
      { gone: { nodes: { kind: "layer", strategy: "gone" } }, problem: "challenge 1 has no strategy gone" },
      { gone: { challenge: "7x" }, problem: "there is no challenge 7x" },
      { gone: { challenge: null }, problem: "expected a challenge" }
    ])("exits with 2 and says in one line that $problem", ({ gone, problem }) =>
      Effect.gen(function* () {
        const fs = yield* FileSystem.FileSystem
        const out = yield* temporaryDirectory
        const results = JSON.parse((yield* invoke(["test", "1", "--time-limit", "1", "--json", "--out", out])).stdout)
        const file = `${out}/results.json`
        yield* fs.writeFileString(file, JSON.stringify({ ...results, ...gone }))
        const { code, stderr, stdout } = yield* invoke(["replay", file, "--json", "--out", out])
        assert.deepStrictEqual([code, stdout], [2, ""])
        assert.match(stderr, /^glomers: [^\n]+\n$/)
        assert.include(stderr, problem)
      })
    )

    it.effect("exits with 2 where the results are of a saved history", () =>
      Effect.gen(function* () {
        const fs = yield* FileSystem.FileSystem
        const file = `${yield* temporaryDirectory}/results.json`
        const history = new URL("../../recorded/echo-ok-1/history.jsonl.gz", import.meta.url).pathname
        yield* fs.writeFileString(file, (yield* invoke(["check", "-w", "echo", "--json", history])).stdout)
        const { code, stderr } = yield* invoke(["replay", file])
        assert.strictEqual(code, 2)
        assert.include(stderr, "does not say what was run")
      })
    )
  }
)
