import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { challenges } from "../../src/challenges/registry.ts"
import { medianMillis, official, run } from "./runs.ts"

/** Messages between servers for each operation, at most, with the official flags. Some tests are shorter here. */
const limits = [
  { id: "4", strategy: "per-node", limit: 0.9 },
  { id: "4", strategy: "crdt", limit: 0.25 },
  { id: "5a", strategy: "in-memory", limit: 0 },
  { id: "5b", strategy: "sharded", limit: 4 },
  { id: "5c", strategy: "leaderless", limit: 0.045 },
  { id: "5c", strategy: "replicated", limit: 0.65 },
  { id: "6a", strategy: "local", limit: 0 },
  { id: "6b", strategy: "replicated", limit: 0.12 },
  { id: "6c", strategy: "replicated", limit: 0.12 }
]

describe("with its official flags", () => {
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
