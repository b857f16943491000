import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { challenge4, pnCounter } from "../../../src/challenges/counter/challenge.ts"
import { calls } from "../../../src/workbench/history/History.ts"
import * as Counter from "../../../src/workbench/workloads/counter/Counter.ts"
import { crashes, lossy, run, unreliable } from "../runs.ts"

const seeds = ["1", "2", "3"]

const options = { nodeCount: 3, concurrency: 3, rate: 100, timeLimit: "6 seconds", recovery: "5 seconds" } as const

const partitioned = { ...options, nemesis: ["partition"], nemesisInterval: "2 seconds" } as const

const { "broadcast-cas": broadcastCas, cas, crdt, deltas, "per-node": perNode } = challenge4.strategies

describe("the counter's strategies", () => {
  for (const { id, strategies, workload } of [challenge4, pnCounter]) {
    for (const [name, { layer }] of Object.entries(strategies)) {
      it.effect.each(seeds)(`${id}, ${name}: count right in partitions and answer everything, seed %s`, (seed) =>
        Effect.gen(function* () {
          const { okFraction, problems } = yield* run(layer, workload as "g-counter", { ...partitioned, seed })
          assert.deepStrictEqual(problems, [])
          assert.strictEqual(okFraction, 1)
        })
      )
    }
  }

  for (const [name, { layer }] of Object.entries({ perNode: perNode!, crdt: crdt!, deltas: deltas! })) {
    it.effect.each(seeds)(`${name}: count right where messages are lost, repeated and late, seed %s`, (seed) =>
      Effect.gen(function* () {
        const { problems } = yield* run(layer, "g-counter", {
          ...options,
          latency: "10 millis",
          faults: unreliable,
          seed
        })
        assert.deepStrictEqual(problems, [])
      })
    )
  }

  for (const [name, { layer }] of Object.entries({ cas: cas!, broadcastCas: broadcastCas! })) {
    it.effect.each(seeds)(`${name}: count right where messages are lost, seed %s`, (seed) =>
      Effect.gen(function* () {
        const { problems } = yield* run(layer, "g-counter", { ...options, latency: "10 millis", faults: lossy, seed })
        // The store may not have answered in time, which is no lie.
        assert.deepStrictEqual(
          problems.filter((problem) => !problem.startsWith("unanswered-final-read")),
          []
        )
      })
    )
  }

  for (const [name, { layer }] of Object.entries({ perNode: perNode!, cas: cas! })) {
    it.effect.each(seeds)(`${name}: keep all that was acknowledged when nodes crash, seed %s`, (seed) =>
      Effect.gen(function* () {
        const { history, problems } = yield* run(layer, "g-counter", {
          ...options,
          latency: "5 millis",
          nemesis: ["crash"],
          nemesisInterval: "1 second",
          seed
        })
        assert.isAbove(crashes(history), 1)
        assert.deepStrictEqual(problems, [])
      })
    )
  }

  it.effect("broadcast-cas: starts again after a crash, though it has lost count", () =>
    Effect.gen(function* () {
      const { history } = yield* run(broadcastCas!.layer, "g-counter", {
        ...options,
        nemesis: ["crash"],
        nemesisInterval: "1 second"
      })
      assert.isAbove(crashes(history), 1)
      const finalReads = calls(history).filter(({ invocation }) => invocation["final"] === true)
      assert.deepStrictEqual(
        finalReads.map(({ completion }) => completion?.type),
        ["ok", "ok", "ok"]
      )
    })
  )

  describe("where two nodes have a sum together that cannot be told exactly", () => {
    const max = Number.MAX_SAFE_INTEGER

    /** Each of two clients adds the greatest integer, the second a while later, and both read in the end. */
    const large: typeof Counter.gCounter = {
      ...Counter.gCounter,
      generator: () => {
        const left = new Set([0, 1])
        return { next: (thread) => (left.delete(thread) ? { f: "add", value: max } : { f: "read", value: null }) }
      }
    }

    for (const [name, { layer }] of Object.entries(challenge4.strategies)) {
      it.effect(`${name}: refuse to tell it, or to add, and round nothing`, () =>
        Effect.gen(function* () {
          const { history } = yield* run(
            layer,
            "g-counter",
            { ...options, nodeCount: 2, concurrency: 2, timeLimit: "2 seconds", latency: "100 millis" },
            { workload: large }
          )
          const all = calls(history)
          const added = all.filter(({ completion, invocation }) => invocation.f === "add" && completion?.type === "ok")
          const last = all.filter(({ invocation }) => invocation["final"] === true)
          assert.strictEqual(last.length, 2)
          for (const { completion } of last) {
            if (added.length === 1) {
              assert.strictEqual(completion?.value, max)
            } else {
              assert.notStrictEqual(completion?.type, "ok")
            }
          }
          for (const { completion, invocation } of all) {
            if (invocation.f === "read" && completion?.type === "ok") {
              assert.include([0, max], completion.value)
            }
            if (completion?.type !== "ok") {
              assert.include(JSON.stringify(completion), "beyond the integers")
            }
          }
          assert.strictEqual(added.length, name === "cas" ? 1 : 2)
        })
      )
    }
  })
})
