import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { challenge2 } from "../../../src/challenges/uniqueIds/challenge.ts"
import { sweep } from "../../sweep.ts"
import { crashes, run } from "../runs.ts"

const seeds = sweep(40, 4)

describe("unique ids over restarts", () => {
  for (const [strategy, nemesis] of [
    ["counter", ["clock", "crash"]],
    ["sequential", ["clock", "crash"]],
    ["snowflake", ["crash"]]
  ] as const) {
    it.effect.each(seeds)(
      `${strategy}: never come twice under ${nemesis.join(" and ")} of one node or all, seed %s`,
      (seed) =>
        Effect.gen(function* () {
          const { history, problems } = yield* run(challenge2.strategies[strategy]!.layer, "unique-ids", {
            nodeCount: 3,
            // A client that asked a node which is down waits for 5 s, and others go on meanwhile.
            concurrency: 30,
            rate: 60,
            timeLimit: "20 seconds",
            nemesis: [...nemesis],
            nemesisInterval: "2 seconds",
            nemesisTargets: ["one", "all"],
            seed
          })
          assert.isAbove(crashes(history), 0)
          assert.deepStrictEqual(problems, [])
        })
    )
  }
})
