import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { challenge4, pnCounter } from "../../../src/challenges/counter/challenge.ts"
import type { Settings } from "../../../src/workbench/run/TestOptions.ts"
import { sweep } from "../../sweep.ts"
import { run } from "../runs.ts"

const seeds = sweep(40, 3)

/** Clients wait five seconds for a node that has crashed: there are enough for some to find one that is up. */
const options = { nodeCount: 3, concurrency: 120, rate: 60, timeLimit: "10 seconds" } as const

const unreliable = { loss: 0, duplicate: 0.3, reorder: 0.3 }

const crashing = { nemesis: ["crash"], nemesisInterval: "1 second" } as const

const cases: { readonly [what: string]: Settings } = {
  "of one node or all, while requests come twice and late": {
    ...crashing,
    nemesisTargets: ["one", "all"],
    faults: unreliable,
    kv: "stale"
  },
  "where a hop takes a second on average": {
    ...crashing,
    latency: "1 second",
    latencyDist: "exponential",
    timeLimit: "30 seconds",
    recovery: "20 seconds"
  }
}

describe("counters in the store after crashes", () => {
  for (const [what, settings] of Object.entries(cases)) {
    for (const { id, strategies, workload } of [challenge4, pnCounter]) {
      for (const strategy of ["per-node", "cas"] as const) {
        it.effect.each(seeds)(`${what}: ${id}, ${strategy}, seed %s`, (seed) =>
          Effect.gen(function* () {
            const { problems } = yield* run(strategies[strategy]!.layer, workload as "g-counter", {
              ...options,
              ...settings,
              seed
            })
            // A read of `cas` needs the store twice in a row, and that may not answer in time.
            assert.deepStrictEqual(
              problems.filter((problem) => strategy === "per-node" || !problem.startsWith("unanswered-final-read")),
              []
            )
          })
        )
      }
    }
  }

  it.effect.each(sweep(100))("per-node: every node has the sum 10 s later where 30 % is lost, seed %s", (seed) =>
    Effect.gen(function* () {
      const { problems } = yield* run(challenge4.strategies["per-node"]!.layer, "g-counter", {
        ...options,
        faults: { loss: 0.3, duplicate: 0, reorder: 0 },
        seed
      })
      assert.deepStrictEqual(problems, [])
    })
  )
})
