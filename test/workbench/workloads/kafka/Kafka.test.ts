import { assert, describe, it } from "@effect/vitest"
import { Effect, Predicate } from "effect"
import { CommitOffsets, ListCommittedOffsets } from "../../../../src/protocol/Kafka.ts"
import { Crash, TemporarilyUnavailable, Timeout } from "../../../../src/protocol/RpcError.ts"
import { check } from "../../../../src/workbench/workloads/Workloads.ts"
import type { Operation } from "../../../../src/workbench/history/Operation.ts"
import * as Seeds from "../../../../src/workbench/simulation/Seeds.ts"
import * as Replies from "../../../../src/workbench/clients/Replies.ts"
import { workload } from "../../../../src/workbench/workloads/kafka/Kafka.ts"
import * as FinalPolls from "../../../../src/workbench/workloads/kafka/FinalPolls.ts"
import { poll, send } from "../../../../src/workbench/workloads/kafka/KafkaInvocation.ts"
import { loadRun } from "../../history/recordedRuns.ts"
import { testLogs } from "./testLogs.ts"
import { answering, invokeAll, run, testNode } from "../testRun.ts"

const assign = (...keys: ReadonlyArray<string>) => ({ f: "assign", value: keys })

const perfectRun = (operations: number, seed = "0") =>
  run({ workload, connection: testNode(...testLogs().answers).connection, operations, seed })

/** The part of a history before the final phase. */
const mainPhase = (history: ReadonlyArray<Operation>) => {
  const seek = history.find((operation) => operation["seek-to-beginning"] === true)
  return history.filter(({ time }) => time < (seek?.time ?? Number.POSITIVE_INFINITY) - 1e9)
}

/** The keys whose newest record was sent but not polled before an entry of the history. */
const unseenBefore = (history: ReadonlyArray<Operation>, index: number): ReadonlyArray<string> => {
  const newest = new Map<string, number>()
  const seen = new Map<string, number>()
  for (const { f, type, value } of history.slice(0, index)) {
    if (type === "ok" && f === "send") {
      const [[, key, [offset]]] = value as [["send", string, [number, number]]]
      newest.set(key, offset)
    } else if (type === "ok" && f === "poll") {
      const [[, records]] = value as [["poll", { readonly [key: string]: ReadonlyArray<[number, number]> }]]
      for (const [key, pairs] of Object.entries(records)) {
        seen.set(key, Math.max(seen.get(key) ?? -1, ...pairs.map(([offset]) => offset)))
      }
    }
  }
  return [...newest].flatMap(([key, offset]) => ((seen.get(key) ?? -1) < offset ? [key] : [])).toSorted()
}

/** What a main phase looks like as a whole. */
const figures = (main: ReadonlyArray<Operation>) => {
  const begun = main.filter(({ type }) => type === "invoke")
  const of = (f: string) => begun.filter((operation) => operation.f === f)
  const sends = of("send").map(({ value }) => (value as ReadonlyArray<[string, string, number]>)[0]!)
  return {
    functions: [...new Set(begun.map(({ f }) => f))].toSorted(),
    sendShare: of("send").length / begun.length,
    pollShare: of("poll").length / begun.length,
    assignShare: of("assign").length / begun.length,
    largestValue: Math.max(...sends.map(([, , message]) => message)),
    sendsForNewKey: sends.length / Math.max(...sends.map(([, key]) => Number(key))),
    crashes: of("crash").map(({ time }) => time / 1e9)
  }
}

const mean = (all: ReadonlyArray<ReturnType<typeof figures>>, name: "sendShare" | "pollShare" | "assignShare") =>
  all.reduce((sum, one) => sum + one[name], 0) / all.length

/** A poll that saw key 10 up to an offset. */
const polledUpTo = (offset: number): Operation => ({
  index: 0,
  time: 0,
  type: "ok",
  process: 0,
  f: "poll",
  value: [["poll", { "10": [[offset, 1]] }]]
})

describe("Kafka", () => {
  describe("in the main phase", () => {
    it.effect("sends, polls, assigns and crashes as often as Maelstrom does", () =>
      Effect.gen(function* () {
        const runs = ["kafka-ok-goA5b-1", "kafka-aborted-1", "kafka-dupvalue-1", "kafka-highcommit-1"]
        const recorded = (yield* Effect.forEach(runs, loadRun)).map(({ history }) => figures(mainPhase(history)))
        const generated = (yield* Effect.forEach(["0", "1", "2", "3"], (seed) => perfectRun(1000, seed))).map(
          ({ main }) => figures(main)
        )
        assert.closeTo(mean(generated, "sendShare"), mean(recorded, "sendShare"), 0.03)
        assert.closeTo(mean(generated, "pollShare"), mean(recorded, "pollShare"), 0.03)
        assert.closeTo(mean(generated, "assignShare"), mean(recorded, "assignShare"), 0.006)
        for (const { crashes, functions, largestValue, sendsForNewKey } of generated) {
          assert.deepStrictEqual(functions, recorded[0]!.functions)
          assert.strictEqual(largestValue, recorded[0]!.largestValue)
          assert.closeTo(sendsForNewKey / recorded[0]!.sendsForNewKey, 1, 0.1)
          // The first at once, each other up to 15 s after the one before.
          assert.isBelow(crashes[0]!, 0.5)
        }
      })
    )

    it.effect("lets every client crash each 30 s, on average", () =>
      Effect.gen(function* () {
        const { main } = yield* run({
          workload,
          connection: testNode(...testLogs().answers).connection,
          operations: 3000,
          settings: { rate: 5 }
        })
        const crashes = figures(main).crashes
        const seconds = main.at(-1)!.time / 1e9
        assert.closeTo(crashes.length / seconds / (4 / 30), 1, 0.2)
        assert.strictEqual(new Set(main.map(({ process }) => process)).size, 4 + crashes.length)
      })
    )

    it.effect("sends the messages 1, 2, 3, … to each key, and keys are strings of digits", () =>
      Effect.gen(function* () {
        const { main } = yield* perfectRun(2000)
        const next = new Map<string, number>()
        for (const { f, type, value } of main) {
          if (f === "send" && type === "invoke") {
            const [[name, key, message]] = value as [["send", string, number]]
            assert.strictEqual(name, "send")
            assert.match(key, /^\d+$/)
            assert.strictEqual(message, (next.get(key) ?? 0) + 1)
            next.set(key, message)
          }
        }
        assert.strictEqual(Math.max(...next.values()), 16)
      })
    )

    it.effect("assigns one key, or now and then all that have records which nobody has polled", () =>
      Effect.gen(function* () {
        const runs = yield* Effect.forEach(["0", "1", "2", "3"], (seed) => perfectRun(2000, seed))
        const assigns = runs.flatMap(({ main }) =>
          main.flatMap((assigned) =>
            assigned.f === "assign" && assigned.type === "invoke"
              ? [{ keys: assigned.value as ReadonlyArray<string>, unseen: assigned["unseen"], main, assigned }]
              : []
          )
        )
        const others = assigns.filter(({ unseen }) => unseen !== undefined)
        assert.closeTo(others.length / assigns.length, 1 / 3, 0.12)
        assert.isTrue(assigns.every(({ keys, unseen }) => unseen !== undefined || keys.length === 1))
        for (const { assigned, keys, main, unseen } of others) {
          const expected = unseenBefore(main, assigned.index)
          assert.deepStrictEqual(Object.keys(unseen as object).toSorted(), expected)
          assert.strictEqual(new Set(keys).size, keys.length)
          assert.includeMembers([...keys], [...expected])
          assert.isAtMost(keys.length, expected.length + 1)
        }
      })
    )

    it.effect("goes on with the key that it assigned", () =>
      Effect.gen(function* () {
        const { main } = yield* perfectRun(2000)
        const begun = main.filter(({ type }) => type === "invoke")
        const followers = begun.flatMap((operation, index) => {
          const next = begun[index + 1]
          return operation.f === "assign" && next?.f === "send" ? [[operation, next] as const] : []
        })
        assert.isAbove(followers.length, 5)
        for (const [assigned, next] of followers) {
          const [[, key]] = next.value as [["send", string, number]]
          assert.include(assigned.value as ReadonlyArray<string>, key)
        }
      })
    )

    it.effect("makes histories that the checker finds no fault with", () =>
      Effect.gen(function* () {
        const { history } = yield* perfectRun(1500)
        assert.isTrue(check("kafka", history, { concurrency: 4, nodeCount: 1 }).validity)
      })
    )
  })

  describe("in the final phase", () => {
    it.effect("crashes, assigns all keys from the beginning, and polls until everything was seen", () =>
      Effect.gen(function* () {
        const { final, main } = yield* perfectRun(500)
        const sentTo = main.flatMap(({ f, type, value }) =>
          f === "send" && type === "ok" ? [(value as ReadonlyArray<[string, string]>)[0]![1]] : []
        )
        const keys = [...new Set(sentTo)].toSorted((left, right) => Number(left) - Number(right))
        assert.isAbove(keys.length, 10)
        const begun = final.filter(({ type }) => type === "invoke")
        assert.deepStrictEqual(
          begun.map(({ f }) => f),
          [0, 1, 2, 3].flatMap(() => ["crash", "assign", "poll"])
        )
        assert.deepStrictEqual(begun[1]?.value, keys)
        assert.isTrue(begun[1]?.["seek-to-beginning"])
        assert.deepStrictEqual([begun[2]?.value, begun[2]?.["poll-ms"]], [[["poll"]], 1000])
        assert.strictEqual(begun[1]?.process, (begun[0]!.process as number) + 4)
      })
    )

    it.effect("polls for 10 s, each 0.2 s on average, where a node never shows everything", () =>
      Effect.gen(function* () {
        const { final } = yield* run({
          workload,
          connection: testNode(...testLogs({ hidden: 1 }).answers).connection,
          operations: 500
        })
        for (const thread of [0, 1, 2, 3]) {
          const polls = final.filter(
            ({ f, process, type }) => f === "poll" && type === "invoke" && Number(process) % 4 === thread
          )
          const gaps = polls.slice(1).map(({ time }, index) => time - polls[index]!.time)
          assert.closeTo(polls.length, 50, 12)
          assert.closeTo(polls.at(-1)!.time - polls[0]!.time, 10e9, 0.5e9)
          assert.isAtMost(Math.max(...gaps), 0.4e9)
        }
      })
    )

    it.effect("lists the committed offsets of all keys as well where a strict judge asks for it", () =>
      Effect.gen(function* () {
        const logs = testLogs()
        const { final, history } = yield* run({
          workload,
          connection: testNode(...logs.answers).connection,
          operations: 500,
          settings: { finalReads: true }
        })
        const lists = final.filter(({ f, type }) => f === "assign" && type === "ok")
        assert.deepStrictEqual(
          lists.map((list) => [list.final, Object.keys(list["committed"] as object).length > 10]),
          [0, 1, 2, 3].map(() => [true, true])
        )
        const verdict = check("kafka", history, { concurrency: 4, nodeCount: 1 })
        assert.deepStrictEqual([verdict.validity, verdict.warnings], [true, []])
      })
    )

    it("has no operations when nothing was ever sent", () => {
      assert.isUndefined(FinalPolls.make(new Map(), Seeds.random("0", "final")).next(0))
    })

    it("waits for keys that have records only", () => {
      const generator = FinalPolls.make(
        new Map([
          ["10", 3],
          ["9", -1]
        ]),
        Seeds.random("0", "final")
      )
      assert.strictEqual(generator.next(0)?.f, "crash")
      assert.deepStrictEqual(generator.next(0)?.value, ["9", "10"])
      generator.observe?.(polledUpTo(2))
      assert.strictEqual(generator.next(0)?.f, "poll")
      generator.observe?.(polledUpTo(3))
      assert.isUndefined(generator.next(0))
    })

    it("assigns anew after a poll of unknown outcome, since another client takes over", () => {
      const generator = FinalPolls.make(new Map([["1", 3]]), Seeds.random("0", "final"))
      const begun = [0, 1, 2].map(() => generator.next(0)?.f)
      generator.observe?.({ index: 0, time: 0, type: "info", process: 0, f: "poll", value: [["poll"]] })
      assert.deepStrictEqual(
        [...begun, generator.next(0)?.f, generator.next(0)?.f],
        ["crash", "assign", "poll", "assign", "poll"]
      )
    })
  })

  describe("client", () => {
    it.effect("completes sends with their offset, and polls with the records after those it has seen", () =>
      Effect.gen(function* () {
        const node = testNode(...testLogs().answers)
        const completions = yield* invokeAll(workload, node.connection, [
          send("1", 10),
          poll,
          assign("1"),
          poll,
          send("1", 11),
          send("1", 12),
          poll,
          poll
        ])
        assert.deepStrictEqual(
          completions.map(({ value }) => value),
          [
            [["send", "1", [0, 10]]],
            [["poll", {}]],
            undefined,
            [["poll", { "1": [[0, 10]] }]],
            [["send", "1", [1, 11]]],
            [["send", "1", [2, 12]]],
            [
              [
                "poll",
                {
                  "1": [
                    [1, 11],
                    [2, 12]
                  ]
                }
              ]
            ],
            [["poll", {}]]
          ]
        )
        assert.deepStrictEqual(
          node.calls.filter(([type]) => type === "commit_offsets").map(([, request]) => request),
          [{ offsets: { "1": 0 } }, { offsets: { "1": 2 } }]
        )
      })
    )

    it.effect("begins at the committed offset where it has no position yet, and tells what it was told", () =>
      Effect.gen(function* () {
        const node = testNode(
          answering(ListCommittedOffsets, () => Effect.succeed({ offsets: { "1": 3, "2": 5 } })),
          ...testLogs().answers
        )
        const completions = yield* invokeAll(workload, node.connection, [
          assign("1"),
          poll,
          assign("1", "2", "3"),
          poll
        ])
        assert.deepStrictEqual(completions[2], { type: "ok", committed: { "1": 3, "2": 5 } })
        assert.deepStrictEqual(
          node.calls.filter(([type]) => type === "poll").map(([, request]) => request),
          [{ offsets: { "1": 3 } }, { offsets: { "1": 3, "2": 5, "3": 0 } }]
        )
      })
    )

    it.effect("keeps its position in a log that it is assigned again, and forgets the others", () =>
      Effect.gen(function* () {
        const { answers } = testLogs()
        const node = testNode(
          answering(ListCommittedOffsets, () => Effect.succeed({ offsets: {} })),
          ...answers
        )
        yield* invokeAll(workload, node.connection, [
          send("1", 1),
          send("2", 1),
          assign("1", "2"),
          poll,
          assign("1"),
          poll,
          assign("1", "2"),
          poll
        ])
        assert.deepStrictEqual(
          node.calls.filter(([type]) => type === "poll").map(([, request]) => request),
          [{ offsets: { "1": 0, "2": 0 } }, { offsets: { "1": 1 } }, { offsets: { "1": 1, "2": 0 } }]
        )
      })
    )

    it.effect("seeks to the beginning without asking", () =>
      Effect.gen(function* () {
        const node = testNode(...testLogs().answers)
        const completions = yield* invokeAll(workload, node.connection, [
          send("1", 1),
          assign("1"),
          poll,
          { ...assign("1"), "seek-to-beginning": true },
          poll
        ])
        assert.deepStrictEqual(completions[3], { type: "ok" })
        assert.deepStrictEqual(completions[4], completions[2])
        assert.strictEqual(node.calls.filter(([type]) => type === "list_committed_offsets").length, 1)
      })
    )

    it.effect("seeks to the beginning all the same where it gets no list of committed offsets in the end", () =>
      Effect.gen(function* () {
        const node = testNode(
          answering(ListCommittedOffsets, () => Effect.fail(new Crash({ text: "oops" }))),
          ...testLogs().answers
        )
        const completions = yield* invokeAll(workload, node.connection, [
          send("1", 1),
          { ...assign("1"), "seek-to-beginning": true, final: true },
          poll
        ])
        assert.deepStrictEqual(completions.slice(1), [
          { type: "ok", committed: null },
          { type: "ok", value: [["poll", { "1": [[0, 1]] }]] }
        ])
      })
    )

    it.effect("stays where it is when its commit is refused, so that the next poll skips nothing", () =>
      Effect.gen(function* () {
        let commits = 0
        const node = testNode(
          answering(CommitOffsets, () =>
            commits++ === 0 ? Effect.fail(new TemporarilyUnavailable({ text: "busy" })) : Effect.succeed({})
          ),
          ...testLogs().answers
        )
        const [, , first, second] = yield* invokeAll(workload, node.connection, [send("1", 1), assign("1"), poll, poll])
        assert.deepStrictEqual(first, { type: "fail", error: ["temporarily-unavailable", "busy"] })
        assert.deepStrictEqual(second, { type: "ok", value: [["poll", { "1": [[0, 1]] }]] })
      })
    )

    it.effect(
      "asks for offsets as they were written, whatever their size and sign, and goes on from 0 as Maelstrom does",
      () =>
        Effect.gen(function* () {
          const [large, next] = [JSON.rawJSON("9007199254740993"), JSON.rawJSON("9007199254740994")]
          const polls = [{ "1": [[large, 1]], "2": [[-5, 2]] }, { "1": null, "2": [], "3": null }, { "1": [[next, 3]] }]
          const node = testNode(
            answering(Replies.Kafka.listCommittedOffsets, () => Effect.succeed({ offsets: { "1": large, "2": -5 } })),
            answering(Replies.Kafka.poll, () => Effect.succeed({ msgs: polls.shift() as never })),
            answering(Replies.Kafka.commitOffsets, () => Effect.succeed({}))
          )
          const completions = yield* invokeAll(workload, node.connection, [assign("1", "2"), poll, poll, poll])
          assert.deepStrictEqual(
            completions.map(({ value }) => JSON.stringify(value)),
            [
              undefined,
              '[["poll",{"1":[[9007199254740993,1]],"2":[[-5,2]]}]]',
              '[["poll",{"1":[],"2":[],"3":[]}]]',
              '[["poll",{"1":[[9007199254740994,3]]}]]'
            ]
          )
          const requests = (wanted: string) =>
            node.calls.filter(([type]) => type === wanted).map(([, request]) => JSON.stringify(request))
          assert.deepStrictEqual(requests("poll"), [
            '{"offsets":{"1":9007199254740993,"2":-5}}',
            '{"offsets":{"1":9007199254740994,"2":0}}',
            '{"offsets":{"1":9007199254740994,"2":0,"3":0}}'
          ])
          assert.deepStrictEqual(requests("commit_offsets"), [
            '{"offsets":{"1":9007199254740993,"2":0}}',
            '{"offsets":{"1":9007199254740994}}'
          ])
        })
    )

    it.effect("ends with a crash, and when it does not know what became of a send or a poll", () =>
      Effect.gen(function* () {
        const node = testNode(
          answering(CommitOffsets, () => Effect.fail(new Timeout({ text: "no reply" }))),
          answering(ListCommittedOffsets, () => Effect.fail(new Crash({ text: "oops" }))),
          ...testLogs().answers
        )
        const completions = yield* invokeAll(workload, node.connection, [
          { f: "crash", value: null },
          send("1", 1),
          { ...assign("1"), "seek-to-beginning": true },
          poll,
          assign("1")
        ])
        assert.deepStrictEqual(
          completions.map(({ type }) => type),
          ["info", "ok", "ok", "info", "fail"]
        )
        assert.isTrue(Predicate.isUndefined(completions[0]?.value))
      })
    )
  })
})
