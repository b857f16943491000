import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, describe, it } from "@effect/vitest"
import { Effect, FileSystem } from "effect"
import { official } from "../../../src/challenges/Official.ts"
import * as ComparisonPlan from "../../../src/cli/compare/ComparisonPlan.ts"
import * as ComparisonTable from "../../../src/cli/compare/ComparisonTable.ts"
import { measure } from "../../../src/cli/compare/compareStrategies.ts"
import * as Measurement from "../../../src/cli/compare/Measurement.ts"
import type { TestReport } from "../../../src/cli/report/TestReport.ts"
import * as TestRun from "../../../src/cli/run/TestRun.ts"
import * as SetFull from "../../../src/workbench/workloads/broadcast/SetFull.ts"
import { parseFlags } from "../flags/parseFlags.ts"

const traffic = { sendCount: 0, recvCount: 0, msgCount: 0 }

const report = (figures: {
  readonly messages?: number
  readonly median?: number
  readonly valid?: boolean
}): TestReport => ({
  challenge: "3d",
  workload: "broadcast",
  strategy: "any",
  seed: 0,
  valid: figures.valid ?? true,
  wallMillis: 0,
  results: {
    validity: figures.valid ?? true,
    net: {
      all: traffic,
      clients: traffic,
      servers: { ...traffic, ...(figures.messages !== undefined && { msgsPerOp: figures.messages }), charsPerOp: 10 },
      validity: true
    },
    workload: {
      ...SetFull.results([], "broadcast"),
      ...(figures.median !== undefined && {
        stableLatencies: { minimum: 0, median: figures.median, p95: 450, p99: 500, maximum: 550 }
      })
    },
    availability: { validity: true, okFraction: 1 }
  },
  limits: [],
  warnings: [],
  strict: false,
  anomalies: [],
  version: "0.0.0"
})

const latencies = (median: number) => ({
  outcomes: { ok: { minimum: 0, median, p95: 8, p99: 9, maximum: 10 } },
  windows: []
})

const limits = { "3d": official["3d"].limits, "3e": official["3e"].limits }

describe("Measurement", () => {
  it("ranks by messages, then by latency, and marks the frontier among valid runs", () => {
    const measurements = Measurement.compare(
      [
        { name: "slow", report: report({ messages: 24, median: 380 }) },
        { name: "wrong", report: report({ messages: 1, median: 1, valid: false }) },
        { name: "fast", report: report({ messages: 24, median: 90 }) },
        { name: "frugal", report: report({ messages: 2, median: 450 }) },
        { name: "mute", report: report({}) }
      ],
      limits
    )
    assert.deepStrictEqual(
      measurements.map(({ frontier, strategy, verdict, within }) => [strategy, verdict, frontier, within.join()]),
      [
        ["wrong", "invalid", false, ""],
        ["frugal", "valid", true, "3e"],
        ["fast", "valid", true, "3d"],
        ["slow", "valid", false, "3d"],
        ["mute", "valid", false, ""]
      ]
    )
  })

  it("takes the slowest kind of operation where values are not timed until they are everywhere", () => {
    const { results, ...rest } = report({ messages: 3 })
    const perf = {
      validity: true,
      latencyGraph: { validity: true, byF: { add: latencies(1), read: latencies(7), txn: latencies(2) } },
      rateGraph: { validity: true }
    }
    const [measurement] = Measurement.compare([{ name: "any", report: { ...rest, results: { ...results, perf } } }], {})
    assert.deepStrictEqual(measurement?.latencyMillis, { kind: "operation", median: 7, p99: 9, maximum: 10 })
    assert.include(ComparisonTable.render([measurement!]), "of the kind that takes longest")
    assert.notInclude(ComparisonTable.render([measurement!]), "limits kept")
  })

  it.effect("measures every strategy of a challenge, in the shape that is printed as JSON", () =>
    Effect.gen(function* () {
      const fileSystem = yield* FileSystem.FileSystem
      const directory = yield* fileSystem.makeTempDirectoryScoped()
      const logs = { stderr: false, netSend: false, netRecv: false }
      const flags = yield* parseFlags(["--node-count", "5", "--time-limit", "2", "--rate", "20"])
      const plan = yield* ComparisonPlan.make({ id: "3", flags, seed: 3 })
      const measurements = yield* measure(plan, (task) => TestRun.run(task, { directory, keep: "invalid", logs }), 1)
      assert.sameMembers(
        measurements.map(({ strategy }) => strategy),
        plan.contestants.map(({ name }) => name)
      )
      assert.isTrue(measurements.some(({ frontier }) => frontier))
      for (const measurement of measurements) {
        assert.deepStrictEqual(JSON.parse(JSON.stringify(measurement)), measurement)
        assert.deepInclude(measurement, { seed: 3, verdict: "valid", availability: 1, within: [] })
        assert.match(measurement.challenge!, /^3[b-e]$/)
        assert.isAbove(measurement.messagesPerOperation!, 0)
        assert.isAbove(measurement.charactersPerOperation!, measurement.messagesPerOperation!)
        const { kind, maximum, median, p99 } = measurement.latencyMillis!
        assert.strictEqual(kind, "stable")
        assert.isTrue(median <= p99 && p99 <= maximum)
      }
      const rows = ComparisonTable.render(measurements).split("\n")
      for (const { frontier, strategy } of measurements) {
        const row = rows.find((candidate) => candidate.includes(` ${strategy} `))
        assert.strictEqual(row?.startsWith("●"), frontier, strategy)
      }
    }).pipe(Effect.scoped, Effect.provide(NodeServices.layer))
  )
})
