import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, describe, it } from "@effect/vitest"
import { Effect, FileSystem, Option, Schema } from "effect"
import { NodeId } from "../../../src/protocol/NodeId.ts"
import * as TestReport from "../../../src/cli/report/TestReport.ts"
import { TestPlan } from "../../../src/cli/plan/TestPlan.ts"
import { plans } from "../../../src/cli/test/TestRequest.ts"
import * as TestRun from "../../../src/cli/run/TestRun.ts"
import { parseFlags } from "../flags/parseFlags.ts"

const request = {
  challenge: undefined,
  workload: undefined,
  strategy: undefined,
  abortRate: undefined,
  bin: undefined,
  args: [],
  nodeNames: Option.none(),
  seeds: [7]
}

const short = ["--time-limit", "2"]

const faults = ["--nemesis", "partition,crash", "--nemesis-interval", "1", "--loss", "0.1", "--latency", "20"]

const logs = { stderr: false, netSend: false, netRecv: false }

describe("a plan", () => {
  it.effect.each([
    { name: "with limits", asked: { challenge: "3d" }, flags: short },
    { name: "with faults", asked: { challenge: "3c", strategy: "periodic-sync" }, flags: [...short, ...faults] },
    {
      name: "with aborted transactions",
      asked: { challenge: "6c", abortRate: 0.2 },
      flags: [...short, "--key-count", "3", "--strict"]
    },
    {
      name: "with clocks, targets and stale stores",
      asked: { challenge: "4" },
      flags: [...short, ..."--nemesis clock,kill --nemesis-targets all --clock-skew 90 --kv stale".split(" ")]
    },
    {
      name: "of another durability, with disks that fail",
      asked: { challenge: "4" },
      flags: [...short, ..."--durability synced --nemesis disk,crash --nemesis-interval 1".split(" ")]
    },
    {
      name: "with named nodes",
      asked: { challenge: "3c", nodeNames: Option.some(["alpha", "b.example", "n9"].map((name) => NodeId.make(name))) },
      flags: short
    },
    { name: "of another workload", asked: { challenge: "pn-counter", workload: "g-counter" as const }, flags: short }
  ])("$name is in the results that are stored, and runs again to the byte", ({ asked, flags }) =>
    Effect.gen(function* () {
      const fileSystem = yield* FileSystem.FileSystem
      const directory = yield* fileSystem.makeTempDirectoryScoped()
      const files = ["history.jsonl", "messages.jsonl"]
      const run = Effect.fnUntraced(function* (plan: TestPlan) {
        const { stored } = yield* TestRun.run(plan, { directory, keep: "all", logs })
        const written = yield* Effect.forEach(files, (file) => fileSystem.readFileString(`${stored}/${file}`))
        return { written, results: yield* fileSystem.readFileString(`${stored}/results.json`) }
      })

      const [plan] = yield* plans({ ...request, ...asked, flags: yield* parseFlags(flags) })
      const first = yield* run(plan!)
      const found = TestReport.planOf(yield* Schema.decodeEffect(TestReport.Line)(first.results))
      assert.deepStrictEqual(found, plan)
      const second = yield* run(found!)
      assert.deepStrictEqual(second.written, first.written)
    }).pipe(Effect.scoped, Effect.provide(NodeServices.layer))
  )

  it.effect("of processes goes as JSON and comes back", () =>
    Effect.gen(function* () {
      const bin = { workload: "echo" as const, bin: "./node", args: ["--verbose", "a b"] }
      const [plan] = yield* plans({ ...request, ...bin, flags: yield* parseFlags(["--availability", "total"]) })
      const text = JSON.stringify(yield* Schema.encodeEffect(TestPlan)(plan!))
      assert.deepStrictEqual(yield* Schema.decodeUnknownEffect(TestPlan)(JSON.parse(text)), plan)
    })
  )
})
