import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Layer } from "effect"
import { challenge5a, challenge5b, challenge5c } from "../../../src/challenges/log/challenge.ts"
import * as Ownership from "../../../src/challenges/log/Ownership.ts"
import * as Kafka from "../../../src/protocol/Kafka.ts"
import type { NodeId } from "../../../src/protocol/NodeId.ts"
import { Durability, type Level } from "../../../src/services/Durability.ts"
import { calls } from "../../../src/workbench/history/History.ts"
import type { History } from "../../../src/workbench/history/Operation.ts"
import { kafka as scenario } from "../../workbench/nodes/broken/kafka.ts"
import { run as runCluster } from "../cluster.ts"
import { sweep } from "../../sweep.ts"
import { crashes, run, unreliable } from "../runs.ts"

const seeds = sweep(2, 1)

const options = {
  nodeCount: 3,
  concurrency: 12,
  rate: 200,
  timeLimit: "4 seconds",
  recovery: "5 seconds",
  latency: "5 millis"
} as const

const strategies = { ...challenge5b.strategies, ...challenge5c.strategies }

/** The record of each send that was acknowledged: its log, its offset, and when the send began and ended. */
const sends = (history: History) =>
  calls(history).flatMap(({ completion, invocation }) => {
    if (invocation.f !== "send" || completion?.type !== "ok") {
      return []
    }
    const [[, key, [offset]]] = completion.value as [[string, string, [number, unknown]]]
    const client = invocation.process as number
    return [{ client, key, offset, began: invocation.index, ended: completion.index }]
  })

/** What every poll returned of each log. */
const polls = (history: History) =>
  calls(history).flatMap(({ completion, invocation }) => {
    if (invocation.f !== "poll" || completion?.type !== "ok") {
      return []
    }
    const [[, logs]] = completion.value as [[string, Kafka.Offsets]]
    return Object.entries(logs as unknown as Record<string, ReadonlyArray<readonly [number, unknown]>>)
  })

/** Offsets rise; where nobody owns a log, those of each node do, whose clients are as many as there are nodes apart. */
const assertOrdered = (history: History, apart = 1) => {
  const acknowledged = sends(history)
  assert.isAbove(acknowledged.length, 10)
  const places = acknowledged.map(({ key, offset }) => `${key} ${offset}`)
  assert.strictEqual(new Set(places).size, places.length, "offsets are distinct")
  for (const of of Map.groupBy(acknowledged, ({ client, key }) => `${key} of ${client % apart}`).values()) {
    for (const earlier of of) {
      for (const later of of) {
        if (earlier.ended < later.began) {
          assert.isBelow(earlier.offset, later.offset)
        }
      }
    }
  }
}

/** What all polls together show of each log, by offset. */
const shown = (history: History) => {
  const logs = new Map<string, Map<number, unknown>>()
  for (const [key, records] of polls(history)) {
    const log = logs.get(key) ?? new Map<number, unknown>()
    logs.set(key, log)
    for (const [offset, record] of records) {
      if (log.has(offset)) {
        assert.deepStrictEqual(record, log.get(offset), "all see the same record")
      }
      log.set(offset, record)
    }
  }
  assert.isNotEmpty([...logs])
  for (const log of logs.values()) {
    assert.strictEqual(new Set(log.values()).size, log.size, "nothing is appended twice")
  }
  return logs
}

const assertContiguous = (history: History) => {
  for (const log of shown(history).values()) {
    assert.strictEqual(Math.max(...log.keys()), log.size - 1, "offsets are dense")
  }
  for (const [, records] of polls(history)) {
    for (const [index, [offset]] of records.entries()) {
      assert.strictEqual(offset, records[0]![0] + index, "a poll skips nothing")
    }
  }
}

/** Offsets have gaps, but what one poll shows is all that any poll shows from its first record to its last. */
const assertUnskipped = (history: History) => {
  const logs = new Map(Array.from(shown(history), ([key, log]) => [key, [...log.keys()].toSorted((a, b) => a - b)]))
  for (const [key, records] of polls(history)) {
    const offsets = records.map(([offset]) => offset)
    const all = logs.get(key)!
    const first = all.indexOf(offsets[0] ?? -1)
    assert.deepStrictEqual(offsets, offsets.length === 0 ? [] : all.slice(first, first + offsets.length))
  }
}

describe("the log's strategies", () => {
  it.effect("keep a log on one node", () =>
    Effect.gen(function* () {
      const layer = challenge5a.strategies["in-memory"]!.layer
      const { history, problems } = yield* run(layer, "kafka", { ...options, nodeCount: 1, finalReads: true })
      assert.deepStrictEqual(problems, [])
      assert.deepStrictEqual(
        calls(history).filter(({ completion, invocation }) => invocation.f !== "crash" && completion?.type !== "ok"),
        []
      )
      assertOrdered(history)
      assertContiguous(history)
    })
  )

  for (const [name, { layer }] of Object.entries(strategies)) {
    it.effect.each([
      { what: "nodes are cut off", faults: { nemesis: ["partition"], nemesisInterval: "1 second" } as const },
      { what: "messages are lost, repeated and late", faults: { faults: unreliable } },
      {
        what: "all of this happens",
        faults: { faults: unreliable, nemesis: ["partition", "pause"], nemesisInterval: "1 second" } as const
      }
    ])(`${name}: lose, repeat and skip nothing where $what`, ({ faults }) =>
      Effect.forEach(seeds, (seed) =>
        Effect.gen(function* () {
          const { history, problems } = yield* run(layer, "kafka", { ...options, ...faults, finalReads: true, seed })
          assert.deepStrictEqual(problems, [])
          if (name === "leaderless") {
            assertOrdered(history, options.nodeCount)
            assertUnskipped(history)
          } else {
            assertOrdered(history)
            assertContiguous(history)
          }
        })
      )
    )
  }

  for (const [name, { layer }] of Object.entries(strategies)) {
    it.effect(`${name}: pass where nodes that lose committed offsets are found out`, () =>
      Effect.forEach(seeds, (seed) =>
        Effect.gen(function* () {
          const { problems } = yield* run(layer, "kafka", { ...scenario.options, seed })
          assert.deepStrictEqual(problems, [])
        })
      )
    )
  }

  for (const [name, { layer }] of Object.entries(challenge5b.strategies)) {
    it.effect.each([
      { what: "one node crashes after the other", setting: {} },
      { what: "all nodes crash at once", setting: { nemesisTargets: ["all"] } as const },
      { what: "a node stays away for good", setting: { nemesis: ["crash-for-good"] } as const },
      {
        what: "all faults come together",
        setting: {
          nemesis: ["partition", "pause", "crash", "clock"],
          faults: unreliable,
          latencyDist: "exponential"
        } as const
      }
    ])(`${name}: keep acknowledged records and commits where $what`, ({ setting }) =>
      Effect.forEach(seeds, (seed) =>
        Effect.gen(function* () {
          const { history, problems } = yield* run(layer, "kafka", {
            ...options,
            latency: "20 millis",
            concurrency: 30,
            timeLimit: "8 seconds",
            recovery: "10 seconds",
            finalReads: true,
            nemesis: ["crash"],
            nemesisInterval: "1.5 seconds",
            seed,
            ...setting
          })
          assert.deepStrictEqual(problems, [])
          assertOrdered(history)
          assertContiguous(history)
        })
      )
    )

    it.effect(`${name}: have all acknowledged records at their offsets after crashes`, () =>
      Effect.forEach(seeds, (seed) =>
        Effect.gen(function* () {
          const { history, problems } = yield* run(layer, "kafka", {
            ...options,
            nemesis: ["crash"],
            nemesisInterval: "0.7 seconds",
            seed
          })
          assert.isAbove(crashes(history), 1)
          assert.deepStrictEqual(problems, [])
          assertOrdered(history)
          assertContiguous(history)
        })
      )
    )
  }
})

describe("logs that nobody owns", () => {
  it.effect("give no offset twice, and are the same at all nodes and without skips, where nodes start anew", () =>
    Effect.forEach(sweep(20, 2), (seed) =>
      Effect.gen(function* () {
        const layer = challenge5c.strategies["leaderless"]!.layer
        const faults = { nemesis: ["crash"], nemesisInterval: "0.7 seconds" } as const
        const { history, problems } = yield* run(layer, "kafka", { ...options, ...faults, finalReads: true, seed })
        assert.isAbove(crashes(history), 1)
        // What a node had told nobody is lost with it; that it is missing shows as skips of it.
        assert.deepStrictEqual(
          problems.filter((problem) => !/^(unseen|lost-write|lost-commit|nonmonotonic-commit|.*skip)/.test(problem)),
          []
        )
        assertOrdered(history, options.nodeCount)
        assertUnskipped(history)
      })
    )
  )
})

/** A key that a node owns. */
const keyOf = (node: NodeId, ids: ReadonlyArray<NodeId>) =>
  Array.from({ length: 100 }, (_, index) => String(index)).find((key) => Ownership.rendezvous(ids)(key) === node)!

const owned = (level: Level) => Layer.provide(strategies["replicated"]!.layer, Layer.succeed(Durability, level))

/** What the other nodes have of a log when its owner has acknowledged two records and crashed. */
const recordsElsewhere = (level: Level) =>
  runCluster(
    owned(level),
    { size: 3 },
    Effect.fnUntraced(function* ({ clients, ids, nodes }) {
      const key = keyOf(ids[0]!, ids)
      // Sent to another node than its owner, as half of all sends are, or to the owner itself.
      for (const [msg, client] of [clients[1]!, clients[0]!].entries()) {
        assert.strictEqual((yield* client.call(Kafka.Send, { key, msg })).offset, msg)
      }
      yield* nodes[0]!.crash
      yield* Effect.sleep("5 seconds")
      return yield* Effect.forEach(clients.slice(1), (client) =>
        Effect.map(client.call(Kafka.Poll, { offsets: { [key]: 0 } }), ({ msgs }) => msgs[key] ?? [])
      )
    })
  )

describe("a record that its owner has acknowledged and then takes with it when it crashes", () => {
  it.effect("is at every other node if it was replicated first", () =>
    Effect.gen(function* () {
      for (const log of yield* recordsElsewhere("replicated")) {
        assert.deepStrictEqual(log, [
          [0, 0],
          [1, 1]
        ])
      }
    })
  )

  it.effect("is gone if only the owner had it", () =>
    Effect.gen(function* () {
      for (const log of yield* recordsElsewhere("memory")) {
        assert.isBelow(log.length, 2)
      }
    })
  )

  it.effect("is not acknowledged as replicated as long as no other node can be reached", () =>
    runCluster(
      owned("replicated"),
      { size: 3 },
      Effect.fnUntraced(function* ({ clients, cut, heal, ids }) {
        const key = keyOf(ids[0]!, ids)
        // A node that has just started and reaches nobody takes no sends at all.
        yield* Effect.sleep("1 second")
        cut(0, 1)
        cut(0, 2)
        const sending = yield* Effect.forkChild(clients[0]!.call(Kafka.Send, { key, msg: "record" }))
        yield* Effect.sleep("2 seconds")
        assert.isUndefined(sending.pollUnsafe())
        heal()
        assert.strictEqual((yield* Fiber.join(sending)).offset, 0)
      })
    )
  )
})
