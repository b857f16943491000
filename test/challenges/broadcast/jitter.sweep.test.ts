import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect } from "effect"
import { challenge3e } from "../../../src/challenges/broadcast/challenge.ts"
import { sweep } from "../../sweep.ts"
import { figures } from "../../../src/workbench/run/RunResults.ts"
import { run } from "../runs.ts"

/** The official load and latency, for a shorter time. */
const options = {
  nodeCount: 25,
  concurrency: 25,
  rate: 100,
  latency: "100 millis",
  timeLimit: "5 seconds",
  recovery: "3 seconds"
} as const

/** All nodes stall, the hub as well. */
const jitters = [
  {
    stalls: "up to 10 ms, ten times a second",
    jitter: { mean: Duration.millis(5), share: 0.05, distribution: "uniform" }
  },
  {
    stalls: "up to 40 ms, twice a second",
    jitter: { mean: Duration.millis(20), share: 0.04, distribution: "uniform" }
  },
  { stalls: "40 ms every second", jitter: { mean: Duration.millis(40), share: 0.04, distribution: "constant" } }
] as const

const cases = [300, 450].flatMap((period) =>
  jitters.flatMap(({ jitter, stalls }) => sweep(20, 2).map((seed) => ({ jitter, period, seed, stalls })))
)

describe("3e", () => {
  it.effect.each(cases)(
    "shows every value within $period + 250 ms when nodes are not run for $stalls: seed $seed",
    ({ jitter, period, seed }) =>
      Effect.gen(function* () {
        const { layer } = challenge3e.strategies[`hub-${period}`]!
        const { problems, results } = yield* run(layer, "broadcast", { ...options, jitter, seed })
        assert.deepStrictEqual(problems, [])
        assert.isAtMost(figures("broadcast", results).stableLatencyMillis!.maximum, period + 250)
      })
  )
})
