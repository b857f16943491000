import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as ProcessTest from "../../../src/workbench/run/ProcessTest.ts"
import * as TestOptions from "../../../src/workbench/run/TestOptions.ts"
import { judge } from "../../../src/workbench/run/TestResult.ts"
import { workloads, type WorkloadName } from "../../../src/workbench/workloads/Workloads.ts"
import { fixture } from "../nodes/processCluster.ts"

/** Runs a fixture as every node of a short test, and judges it. */
const judged = Effect.fnUntraced(function* <Name extends WorkloadName>(
  workload: Name,
  script: string,
  settings: TestOptions.Settings = {},
  ...args: ReadonlyArray<string>
) {
  const options = TestOptions.make({ timeLimit: "1 second", rate: 50, recovery: "500 millis", ...settings })
  const program = { bin: process.execPath, args: [fixture(script), ...args] }
  return judge(workload, options, yield* ProcessTest.run(program, workloads[workload], options))
}, Effect.provide(NodeServices.layer))

const single = { nodeCount: 1, concurrency: 4 }

describe("ProcessTest", () => {
  it.live("is valid for a counter that creates its keys by a cas without from", () =>
    Effect.gen(function* () {
      const { valid } = yield* judged("g-counter", "cas-without-from.mjs", { nodeCount: 3, concurrency: 3 })
      assert.isTrue(valid)
    })
  )

  it.live("is valid for a log whose offsets no double holds, which it keeps apart", () =>
    Effect.gen(function* () {
      const { anomalies, results } = yield* judged("kafka", "large-offsets.mjs", { ...single, rate: 200 })
      assert.deepStrictEqual(anomalies, [])
      assert.isAbove(results.stats.byF["send"]!.okCount, 10)
    })
  )

  it.live("finds the bug of a log that is asked for what it calls offset -1", () =>
    Effect.gen(function* () {
      const { anomalies } = yield* judged("kafka", "offset-minus-one.mjs", {
        ...single,
        rate: 300,
        timeLimit: "4 seconds"
      })
      const { message } = anomalies.find(({ name }) => name === "duplicate")!
      assert.match(message, /^Message \d+ of key "\d+" has the offsets -1, \d+/)
    })
  )

  it.live("is valid for a node that answers null for an empty list, and all its reads succeed", () =>
    Effect.gen(function* () {
      const { results, valid } = yield* judged("broadcast", "null-list.mjs", {
        nodeCount: 5,
        concurrency: 5,
        latency: "300 millis",
        availability: "total"
      })
      assert.isTrue(valid)
      assert.strictEqual(results.stats.okCount, results.stats.count)
    })
  )

  const oddReads = {
    strings: /has "\d+" for it: a string for an integer\.$/,
    floats: /has \d+\.0 for it: a float for an integer\.$/
  }
  for (const [how, message] of Object.entries(oddReads)) {
    it.live(`says why values are lost that are answered as ${how}`, () =>
      Effect.gen(function* () {
        const { anomalies, valid } = yield* judged("broadcast", "odd-reads.mjs", { nodeCount: 2, concurrency: 2 }, how)
        assert.isFalse(valid)
        assert.match(anomalies.find(({ name }) => name === "lost")!.message, message)
      })
    )
  }

  it.live("says which field of a reply is missing, and which is unknown", () =>
    Effect.gen(function* () {
      const { results, warnings } = yield* judged("broadcast", "odd-reads.mjs", single, "another-field")
      assert.strictEqual(results.stats.byF["read"]!.okCount, 0)
      assert.match(
        warnings.find(({ name }) => name === "malformed-reply")!.message,
        /^A reply of n0 to read is malformed: read_ok of n0: messages is missing, expected a list; value is unknown, got \[/
      )
    })
  )

  it.live("says why a client waits in vain", () =>
    Effect.gen(function* () {
      const { warnings } = yield* judged("echo", "unmatched-replies.mjs", { ...single, concurrency: 1 }, "str")
      const [first] = warnings
      assert.strictEqual(
        first!.message,
        'n0 sent c1 an echo_ok with in_reply_to "1", a string, expected "in_reply_to":1, the msg_id of its request.'
      )
      assert.deepStrictEqual(
        first!.operations.map(({ error, f, type }) => [type, f, error]),
        [
          ["invoke", "echo", undefined],
          ["info", "echo", "net-timeout"]
        ]
      )
    })
  )
})
