import { assert, describe, it } from "@effect/vitest"
import { Array, Effect } from "effect"
import { withAborts } from "../../../src/challenges/transactions/AbortRate.ts"
import { challenge6a, challenge6c } from "../../../src/challenges/transactions/challenge.ts"
import { Txn } from "../../../src/protocol/Txn.ts"
import { calls } from "../../../src/workbench/history/History.ts"
import type { TestOptions } from "../../../src/workbench/run/TestOptions.ts"
import { run as runCluster } from "../cluster.ts"
import { run, unreliable } from "../runs.ts"
import { sweep } from "../../sweep.ts"

const seeds = sweep(3, 1)

const options = {
  nodeCount: 3,
  concurrency: 6,
  rate: 300,
  timeLimit: "4 seconds",
  latency: "5 millis",
  availability: "total",
  consistencyModels: ["monotonic-atomic-view"]
} as const

const partitioned = { ...options, nemesis: ["partition"], nemesisInterval: "1 second" } as const

const { "no-replication": noReplication, replicated, "total-order": totalOrder } = challenge6c.strategies

describe("transactions on every node's copy", () => {
  it.effect.each([
    { what: "nodes are cut off", setting: partitioned },
    {
      what: "five nodes lose, repeat and delay messages",
      setting: { ...options, nodeCount: 5, concurrency: 10, faults: { ...unreliable, loss: 0.1 } }
    },
    {
      what: "nodes are cut off one way, and paused",
      setting: {
        ...options,
        availability: 0.7,
        nemesis: ["partition-one-way", "pause"],
        nemesisInterval: "1 second"
      } as const
    }
  ])("are answered at once and seen whole where $what", ({ setting }) =>
    Effect.forEach(seeds, (seed) =>
      Effect.gen(function* () {
        const { okFraction, problems } = yield* run(replicated!.layer, "txn-rw-register", { ...setting, seed })
        assert.deepStrictEqual(problems, [])
        if (setting.availability === "total") {
          assert.strictEqual(okFraction, 1)
        }
      })
    )
  )

  it.effect("are seen by nobody if they were aborted", () =>
    Effect.forEach(seeds, (seed) =>
      Effect.gen(function* () {
        const { history, problems } = yield* run(withAborts(replicated!.layer, 0.2), "txn-rw-register", {
          ...partitioned,
          availability: 0.7,
          seed
        })
        assert.deepStrictEqual(problems, [])
        const ended = calls(history).map(({ completion }) => completion!)
        const aborted = ended.filter(({ type }) => type === "fail")
        assert.isAbove(aborted.length, ended.length / 10)
        assert.isTrue(aborted.every(({ error }) => JSON.stringify(error).includes("txn-conflict")))
      })
    )
  )

  it.effect("are seen on another node within 60 ms", () =>
    runCluster(
      replicated!.layer,
      { size: 2, latencyMillis: 10 },
      Effect.fnUntraced(function* ({ clients: [here, there] }) {
        for (let value = 0; value < 20; value++) {
          yield* here!.call(Txn.txn, {
            txn: [
              ["w", "x", value],
              ["w", "y", value]
            ]
          })
          yield* Effect.sleep(60 + value)
          const { txn } = yield* there!.call(Txn.txn, {
            txn: [
              ["r", "x", null],
              ["r", "y", null]
            ]
          })
          assert.deepStrictEqual(txn, [
            ["r", "x", value],
            ["r", "y", value]
          ])
        }
      })
    )
  )

  it.effect("are never seen before what they have seen, though a third node hears of it by a detour", () =>
    runCluster(
      replicated!.layer,
      { size: 3, latencyMillis: 5 },
      Effect.fnUntraced(function* ({ clients: [first, second, third], cut, heal }) {
        cut(0, 2)
        yield* first!.call(Txn.txn, { txn: [["w", "cause", 1]] })
        yield* Effect.sleep("100 millis")
        const { txn } = yield* second!.call(Txn.txn, {
          txn: [
            ["r", "cause", null],
            ["w", "effect", 1]
          ]
        })
        assert.deepStrictEqual(txn[0], ["r", "cause", 1])
        const seen = Effect.map(
          third!.call(Txn.txn, {
            txn: [
              ["r", "effect", null],
              ["r", "cause", null]
            ]
          }),
          ({ txn }) => txn.map(([, , value]) => value)
        )
        const before = yield* Effect.forEach(Array.range(1, 200), () => Effect.andThen(Effect.sleep("5 millis"), seen))
        for (const [effect, cause] of before) {
          assert.isTrue(effect === null || cause === 1)
        }
        heal()
        yield* Effect.sleep("10 seconds")
        assert.deepStrictEqual(yield* seen, [1, 1])
      })
    )
  )

  describe("make all copies the same", () => {
    it.effect("which copies without replication are not", () =>
      Effect.gen(function* () {
        const { problems } = yield* run(noReplication!.layer, "txn-rw-register", { ...options, finalReads: true })
        assert.deepStrictEqual(
          problems.map((problem) => problem.split(":")[0]),
          ["final-reads-disagree", "unheard-writes", "unheard-writes", "unheard-writes"]
        )
      })
    )
  })
})

const runUnreplicated = (seed: string, consistencyModels: TestOptions["consistencyModels"]) =>
  run(noReplication!.layer, "txn-rw-register", { ...partitioned, keyCount: 4, consistencyModels, seed })

describe("transactions that are not replicated", () => {
  it.effect("pass for read-committed, as published, and not for more", () =>
    Effect.forEach(seeds, (seed) =>
      Effect.gen(function* () {
        assert.isTrue((yield* runUnreplicated(seed, ["read-committed"])).valid)
        const { problems, valid } = yield* runUnreplicated(seed, ["serializable"])
        assert.isFalse(valid)
        const found = new Set(problems.map((problem) => problem.split(":")[0]!))
        for (const name of found) {
          assert.include(["lost-update", "G2-item", "G-single-item", "G-nonadjacent-item", "cyclic-versions"], name)
        }
      })
    )
  )
})

describe("transactions in one order", () => {
  const strict = { ...options, availability: null, consistencyModels: ["strict-serializable"] } as const

  it.effect("are strictly serializable on one node", () =>
    Effect.gen(function* () {
      const { okFraction, problems } = yield* run(challenge6a.strategies["local"]!.layer, "txn-rw-register", {
        ...strict,
        nodeCount: 1
      })
      assert.deepStrictEqual(problems, [])
      assert.strictEqual(okFraction, 1)
    })
  )

  it.effect.each([
    { what: "nodes are cut off from each other", setting: { nemesis: ["partition"] as const } },
    { what: "nodes crash", setting: { nemesis: ["crash"] as const } },
    { what: "messages are lost, repeated and late", setting: { faults: unreliable } }
  ])("are strictly serializable over the store where $what", ({ setting }) =>
    Effect.forEach(seeds, (seed) =>
      Effect.gen(function* () {
        const { history, problems } = yield* run(totalOrder!.layer, "txn-rw-register", {
          ...strict,
          ...setting,
          nemesisInterval: "1 second",
          seed
        })
        assert.deepStrictEqual(problems, [])
        assert.isAbove(calls(history).filter(({ completion }) => completion?.type === "ok").length, 10)
      })
    )
  )
})
