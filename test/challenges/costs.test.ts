import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { defaultStrategy } from "../../src/challenges/Challenge.ts"
import { challenges } from "../../src/challenges/registry.ts"
import { figures } from "../../src/workbench/run/RunResults.ts"
import { official, run } from "./runs.ts"

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
})
