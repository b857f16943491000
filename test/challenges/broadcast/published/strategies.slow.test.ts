import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { faultTolerant, flood } from "../../../../src/challenges/broadcast/published/strategies.ts"
import type { Strategy } from "../../../../src/challenges/Challenge.ts"
import * as InProcessTest from "../../../../src/workbench/run/InProcessTest.ts"
import * as TestOptions from "../../../../src/workbench/run/TestOptions.ts"
import { judge } from "../../../../src/workbench/run/TestResult.ts"
import { workload } from "../../../../src/workbench/workloads/broadcast/Broadcast.ts"

const seeds = ["1", "2"]

const run = Effect.fnUntraced(function* ({ layer }: Strategy, options: TestOptions.Settings) {
  const settings = TestOptions.make(options)
  const record = yield* InProcessTest.run(layer, workload, settings)
  return { ...record, ...judge("broadcast", settings, record) }
})

const efficient = {
  nodeCount: 25,
  concurrency: 25,
  rate: 100,
  latency: "100 millis",
  timeLimit: "3 seconds",
  recovery: "5 seconds"
} as const

const partitioned: TestOptions.Settings = {
  rate: 10,
  timeLimit: "8 seconds",
  nemesis: ["partition"],
  nemesisInterval: "2 seconds"
}

describe("the designs of other authors", () => {
  for (const [name, strategy] of Object.entries({ flood, ...faultTolerant })) {
    for (const seed of seeds) {
      it.effect(`brings every value to every node: ${name}, seed ${seed}`, () =>
        Effect.gen(function* () {
          const { anomalies, results, valid } = yield* run(strategy, { ...efficient, seed })
          assert.deepStrictEqual(anomalies, [])
          assert.isTrue(valid)
          assert.strictEqual(results.workload.neverReadCount, 0)
          assert.isAbove(results.workload.stableCount, 100)
        })
      )
    }
  }

  for (const [name, strategy] of Object.entries(faultTolerant)) {
    for (const seed of seeds) {
      it.effect(`loses nothing in partitions: ${name}, seed ${seed}`, () =>
        Effect.map(run(strategy, { ...partitioned, seed }), ({ anomalies, valid }) => {
          assert.deepStrictEqual(anomalies, [])
          assert.isTrue(valid)
        })
      )
    }
  }

  it.effect("loses values in partitions where nothing is repaired", () =>
    Effect.map(run(flood, { ...partitioned, seed: seeds[0]! }), ({ anomalies, valid }) => {
      assert.isFalse(valid)
      assert.isNotEmpty(anomalies)
    })
  )

  it.effect.each([
    { name: "flood", strategy: flood, type: "tell", perValue: 2 * 40 - 24 },
    { name: "acked-tree", strategy: faultTolerant["acked-tree"], type: "tell", perValue: 24 },
    { name: "acked-tree", strategy: faultTolerant["acked-tree"], type: "tell_ok", perValue: 24 }
  ])("costs $perValue messages $type a value on 25 nodes: $name", ({ perValue, strategy, type }) =>
    Effect.map(run(strategy, efficient), ({ history, journal }) => {
      const values = history.filter(({ f, type }) => f === "broadcast" && type === "ok").length
      const sent = journal.filter(({ event, message }) => event === "send" && message.body.type === type).length
      assert.strictEqual(sent, values * perValue)
    })
  )
})
