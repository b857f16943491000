import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { judged, single } from "./judgedFixture.ts"

describe("ProcessTest", () => {
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
})
