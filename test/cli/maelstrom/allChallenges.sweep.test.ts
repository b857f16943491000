import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, layer } from "@effect/vitest"
import { Effect, FileSystem, Layer } from "effect"
import { challenges } from "../../../src/challenges/registry.ts"
import { Bundle } from "../Bundle.ts"
import { run } from "../Process.ts"

const MAELSTROM = `${import.meta.dirname}/../../maelstrom`

layer(Layer.merge(Bundle.layer, NodeServices.layer), { excludeTestServices: true })("glomers maelstrom", (it) => {
  it.effect(
    "runs all challenges, and the stand-in is content with every one",
    () =>
      Effect.gen(function* () {
        const out = yield* Effect.flatMap(FileSystem.FileSystem, (fileSystem) => fileSystem.makeTempDirectoryScoped())
        const args = ["maelstrom", "all", "--node-count", "1", "--json", "--out", out]
        const { code, stderr, stdout } = yield* run(args, { MAELSTROM })
        const reports = stdout
          .split("\n")
          .filter(Boolean)
          .map((line) => JSON.parse(line))
        assert.deepStrictEqual(
          reports.map(({ challenge, valid }) => [challenge, valid]),
          challenges.map(({ id }) => [id, true])
        )
        assert.deepStrictEqual([stderr, code], ["", 0])
      }),
    120_000
  )
})
