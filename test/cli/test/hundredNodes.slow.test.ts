import { assert, layer } from "@effect/vitest"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Effect, Layer } from "effect"
import { Bundle } from "../Bundle.ts"
import { temporaryDirectory } from "../Printed.ts"
import { run } from "../Process.ts"

layer(Layer.merge(Bundle.layer, NodeServices.layer), { excludeTestServices: true, timeout: "60 seconds" })(
  "glomers test",
  (it) => {
    it.effect("holds a hundred nodes, each of which is told of all and talks to all, in 140 MB of heap", () =>
      Effect.gen(function* () {
        const out = yield* temporaryDirectory
        const cluster = ["--node-count", "100", "--topology", "total", "--time-limit", "1", "--rate", "5"]
        const { code, stderr } = yield* run(["test", "3b", ...cluster, "--out", out], {
          NODE_OPTIONS: "--max-old-space-size=140"
        })
        assert.notInclude(stderr, "heap")
        assert.strictEqual(code, 0)
      })
    )
  }
)
