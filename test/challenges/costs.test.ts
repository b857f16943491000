import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { defaultStrategy } from "../../src/challenges/Challenge.ts"
import { challenges } from "../../src/challenges/registry.ts"
import { figures } from "../../src/workbench/run/RunResults.ts"
import { medianMillis, official, run } from "./runs.ts"

/** Messages between servers for each operation, at most, with the official flags. Some tests are shorter here. */
const limits = [
  { id: "4", strategy: "per-node", limit: 0.9 },
  { id: "4", strategy: "crdt", limit: 0.25 },
  { id: "5a", strategy: "in-memory", limit: 0 },
  { id: "5b", strategy: "sharded", limit: 4 },
  { id: "5c", strategy: "replicated", limit: 0.65 },
  { id: "6a", strategy: "local", limit: 0 },
  { id: "6b", strategy: "replicated", limit: 0.12 },
  { id: "6c", strategy: "replicated", limit: 0.12 }
]

/**
 * Broadcast's figures, of the default strategies: messages per operation, and median and maximum stable latency in ms.
 */
const broadcasts = [
  { id: "3d", network: "maelstrom", messages: 12.1, median: 85, maximum: 100 },
  { id: "3e", network: "maelstrom", messages: 1.25, median: 195, maximum: 415 },
  { id: "3e", network: "ideal", messages: 1.25, median: 345, maximum: 515 }
] as const

describe("with its official flags", () => {
  it.effect.each(broadcasts)(
    "$id takes at most $messages messages per operation and $median ms, $maximum ms at most, on the $network network",
    ({ id, maximum, median, messages, network }) =>
      Effect.gen(function* () {
        const challenge = challenges.find((challenge) => challenge.id === id)!
        const strategy = challenge.strategies[defaultStrategy(challenge)]!
        const options = { ...official(challenge), latency: "100 millis", network, seed: "1" } as const
        const test = yield* run(strategy.layer, challenge.workload, options)
        const { stableLatencyMillis } = figures(challenge.workload, test.results)
        assert.deepStrictEqual(test.problems, [])
        assert.isAtMost(test.messagesPerOperation, messages)
        assert.isAtMost(stableLatencyMillis!.median, median)
        assert.isAtMost(stableLatencyMillis!.maximum, maximum)
      })
  )

  it.effect.each(limits)("$id takes at most $limit messages per operation: $strategy", ({ id, limit, strategy }) =>
    Effect.gen(function* () {
      const challenge = challenges.find((challenge) => challenge.id === id)!
      const settings = official(challenge)
      const options = {
        ...settings,
        timeLimit: settings.rate === 1000 ? "5 seconds" : "20 seconds",
        seed: "1"
      } as const
      const test = yield* run(challenge.strategies[strategy]!.layer, challenge.workload, options)
      assert.deepStrictEqual(test.problems, [])
      assert.isAtMost(test.messagesPerOperation, limit)
      if (id === "4") {
        assert.isBelow(medianMillis(test.history, "add"), 100)
      }
      if (id.startsWith("6")) {
        assert.strictEqual(test.okFraction, 1)
      }
    })
  )
})
