import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { challenge6c } from "../../../src/challenges/transactions/challenge.ts"
import { sweep } from "../../sweep.ts"
import { run } from "../runs.ts"

const { replicated } = challenge6c.strategies

const options = {
  rate: 300,
  timeLimit: "3 seconds",
  latency: "5 millis",
  availability: "total",
  consistencyModels: ["monotonic-atomic-view"],
  nemesisInterval: "1 second",
  keyCount: 5,
  recovery: "12 seconds",
  finalReads: true
} as const

describe("transactions on every node's copy", () => {
  it.effect.each(sweep(200))("agree after any partitions, with clocks that are off by seconds, seed %s", (seed) =>
    Effect.gen(function* () {
      const nodeCount = 2 + (Number(seed) % 4)
      const { history, problems } = yield* run(
        replicated!.layer,
        "txn-rw-register",
        {
          ...options,
          nodeCount,
          concurrency: 2 * nodeCount,
          nemesis: Number(seed) % 2 === 0 ? ["partition"] : ["partition", "partition-one-way", "loss", "duplicate"],
          seed
        },
        { skewMillis: (node) => Number(node.slice(1)) * (Number(seed) % 3 === 0 ? -3_210 : 4_321) }
      )
      assert.deepStrictEqual(problems, [])
      const readers = history.filter(({ final, type }) => final === true && type === "ok")
      assert.strictEqual(new Set(readers.map(({ process }) => process)).size, nodeCount)
    })
  )
})
