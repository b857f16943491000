import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { challenges } from "../../src/challenges/registry.ts"
import { official, run } from "./runs.ts"

describe.each(challenges)("a small test of $id", (challenge) => {
  it.effect.each(Object.entries(challenge.strategies))("is valid with the strategy %s", ([, { layer }]) =>
    Effect.gen(function* () {
      const { history, problems } = yield* run(layer, challenge.workload, {
        ...official(challenge),
        nodeCount: Math.min(challenge.flags.nodeCount, 5),
        rate: 30,
        timeLimit: "3 seconds",
        nemesis: []
      })
      assert.deepStrictEqual(problems, [])
      assert.isAbove(history.length, 100)
    })
  )
})
