import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, layer } from "@effect/vitest"
import { Effect, FileSystem, Layer, Path } from "effect"
import { Bundle } from "../Bundle.ts"
import { invoke } from "../Invocation.ts"
import { run } from "../Process.ts"

layer(Layer.merge(Bundle.layer, NodeServices.layer), { excludeTestServices: true, timeout: "60 seconds" })(
  "glomers compare",
  (it) => {
    it.effect("prints a line of JSON a strategy and draws them", () =>
      Effect.gen(function* () {
        const fileSystem = yield* FileSystem.FileSystem
        const file = `${yield* fileSystem.makeTempDirectoryScoped()}/plane.svg`
        const setting = ["--time-limit", "1", "--nemesis-interval", "1", "--seed", "4"]
        const { code, stderr, stdout } = yield* run(["compare", "3c", ...setting, "--json", "--out", file])
        assert.strictEqual(stderr, "")
        assert.strictEqual(code, 0)
        const lines = stdout.trim().split("\n")
        const measurements = lines.map((line) => JSON.parse(line))
        assert.isAtLeast(measurements.length, 6)
        const picture = yield* fileSystem.readFileString(file)
        for (const { challenge, seed, strategy } of measurements) {
          assert.deepStrictEqual([challenge, seed], ["3c", 4])
          assert.include(picture, `>${strategy}<`)
        }
      })
    )

    it.effect("refuses in one line what cannot be compared, with exit code 2", () =>
      Effect.map(invoke(["compare", "9z"]), ({ code, stderr, stdout }) => {
        assert.strictEqual(stdout, "")
        assert.match(stderr, /^glomers[^\n]+9z[^\n]+\n$/)
        assert.strictEqual(code, 2)
      })
    )

    it.effect("keeps what draws apart from what a node loads", () =>
      Effect.gen(function* () {
        const fileSystem = yield* FileSystem.FileSystem
        const path = yield* Path.Path
        const folder = path.dirname((yield* Bundle).executable)
        const holding = yield* Effect.filter(yield* fileSystem.readDirectory(folder), (name) =>
          Effect.map(fileSystem.readFileString(path.join(folder, name)), (text) => text.includes("zrender"))
        )
        assert.deepStrictEqual(holding, ["glomers-Plane.mjs"])
      })
    )
  }
)
