import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { defaults } from "../../../../src/workbench/checkers/CheckOptions.ts"
import * as Kafka from "../../../../src/workbench/workloads/kafka/Checker.ts"
import { type TinyEntry, tinyHistory } from "../../history/tinyHistory.ts"
import { modelHistory, Step } from "./kafkaModel.ts"

type Pairs = ReadonlyArray<readonly [offset: unknown, value: unknown]>

const operation = (process: number, f: string, value: unknown, result = value, more = {}): ReadonlyArray<TinyEntry> => [
  [process, "invoke", f, value],
  [process, "ok", f, result, more]
]

const assign = (process: number, ...keys: ReadonlyArray<string>) => operation(process, "assign", keys)

const seek = (process: number, ...keys: ReadonlyArray<string>) =>
  operation(process, "assign", keys, keys, { "seek-to-beginning": true })

const send = (process: number, key: string, offset: unknown, value: unknown) =>
  operation(process, "send", [["send", key, value]], [["send", key, [offset, value]]])

const poll = (process: number, logs: { readonly [key: string]: Pairs }) =>
  operation(process, "poll", [["poll"]], [["poll", logs]])

const lost = (process: number, f: string, value: unknown): ReadonlyArray<TinyEntry> => [
  [process, "invoke", f, value],
  [process, "info", f, value, { error: "net-timeout" }]
]

/** The integer 2^53 and so much more: of two in a row, a double holds but one. */
const large = (more: number) => JSON.rawJSON(String(2n ** 53n + BigInt(more)))

const check = (...entries: ReadonlyArray<ReadonlyArray<TinyEntry>>) =>
  Kafka.check(tinyHistory(...entries.flat()), defaults)

/** Sends of 1, 2, 3, ... at offsets 0, 1, 2, ... */
const sends = (key: string, count: number) =>
  Array.from({ length: count }, (_, offset) => send(9, key, offset, offset + 1)).flat()

/** A poll of everything that `sends` sent, by a client of its own. */
const finalPoll = (key: string, count: number) => [
  ...seek(8, key),
  ...poll(8, { [key]: Array.from({ length: count }, (_, offset) => [offset, offset + 1] as const) })
]

const assertAnomalies = (verdict: ReturnType<typeof Kafka.check>, types: ReadonlyArray<string>) => {
  assert.deepStrictEqual(verdict.results.errorTypes, types)
  assert.strictEqual(verdict.validity, types.length === 0)
}

const evidenceFor = (verdict: ReturnType<typeof Kafka.check>, name: string) => {
  const example = verdict.anomalies.find((anomaly) => anomaly.name === name)
  assert.isDefined(example)
  return { message: example.message, indexes: example.operations.map(({ index }) => index) }
}

const assertWarnings = (verdict: ReturnType<typeof Kafka.check>, names: ReadonlyArray<string>) => {
  assertAnomalies(verdict, [])
  assert.deepStrictEqual(
    verdict.warnings.map(({ name }) => name),
    names
  )
}

// Of two nodes, n0 has the even clients and n1 the odd ones.
const two = { ...defaults, concurrency: 4, nodeCount: 2 }
const judgeTwo = (...entries: ReadonlyArray<ReadonlyArray<TinyEntry>>) =>
  Kafka.check(tinyHistory(...entries.flat()), two)
const list = (process: number, committed: object, more = {}) =>
  operation(process, "assign", ["k"], ["k"], { committed, ...more })
const finalList = (process: number, committed: object | null) =>
  list(process, committed as object, { "seek-to-beginning": true, final: true })
const commitOf1 = [
  ...sends("k", 2),
  ...assign(0, "k"),
  ...poll(0, {
    k: [
      [0, 1],
      [1, 2]
    ]
  })
]

describe("Kafka", () => {
  describe("accepts", () => {
    it("logs that are polled in order and completely", () => {
      assertWarnings(
        check(
          assign(0, "k"),
          sends("k", 3),
          poll(0, {
            k: [
              [0, 1],
              [1, 2],
              [2, 3]
            ]
          })
        ),
        []
      )
    })

    it("an empty history", () => {
      assert.deepStrictEqual(check().results.worstRealtimeLag, { time: 0, lag: 0 })
      assertWarnings(check(), [])
    })

    it("sparse offsets, however large", () => {
      const sent = [...send(1, "k", 7, "a"), ...send(1, "k", 4_000_000_000_000, "b")]
      assertWarnings(
        check(
          assign(0, "k"),
          sent,
          poll(0, {
            k: [
              [7, "a"],
              [4_000_000_000_000, "b"]
            ]
          })
        ),
        []
      )
    })

    it("offsets that no double holds, and negative ones", () => {
      const offsets = [-5, -1, large(1), large(2), JSON.rawJSON("170000000000000000000000000001")]
      const records = offsets.map((offset, at) => [offset, at] as const)
      assertWarnings(
        check(
          assign(0, "k"),
          records.flatMap(([offset, value]) => send(1, "k", offset, value)),
          poll(0, { k: records.slice(0, 3) }),
          poll(0, { k: [] }),
          poll(0, { k: records.slice(3) })
        ),
        []
      )
    })

    it("keys whose polls returned nothing, be it an empty list or null", () => {
      assertWarnings(
        check(assign(0, "k"), poll(0, { k: [] }), operation(0, "poll", [["poll"]], [["poll", { k: null }]])),
        []
      )
    })

    it("a send without a reply whose message shows up", () => {
      assertWarnings(check(assign(0, "k"), lost(1, "send", [["send", "k", 1]]), poll(0, { k: [[0, 1]] })), [])
    })

    it("a send without a reply whose message does not show up", () => {
      const verdict = check(assign(0, "k"), lost(1, "send", [["send", "k", 1]]), poll(0, { k: [] }))
      assertWarnings(verdict, [])
      assert.deepStrictEqual(verdict.results.infoTxnCauses, ["net-timeout"])
    })

    it("a client that reads on from the committed offset of another client", () => {
      assertWarnings(
        check(
          sends("k", 3),
          assign(0, "k"),
          poll(0, {
            k: [
              [0, 1],
              [1, 2]
            ]
          }),
          assign(1, "k"),
          poll(1, { k: [[2, 3]] })
        ),
        []
      )
    })

    it("a client that begins beyond what is known to be committed, if another client's poll got lost", () => {
      assertWarnings(
        check(
          sends("k", 3),
          assign(0, "k"),
          lost(0, "poll", [["poll"]]),
          assign(1, "k"),
          poll(1, { k: [[2, 3]] }),
          finalPoll("k", 3)
        ),
        []
      )
    })

    it("messages that are lists or maps", () => {
      assertWarnings(check(assign(0, "k"), send(1, "k", 0, { a: 1, b: 2 }), poll(0, { k: [[0, { b: 2, a: 1 }]] })), [])
    })

    it.effect.prop(
      "everything that clients of perfect logs can see",
      { steps: Schema.Array(Step) },
      ({ steps }) =>
        Effect.sync(() => {
          const verdict = Kafka.check(modelHistory(steps), defaults)
          assert.deepStrictEqual(verdict.anomalies, [])
          assert.deepStrictEqual(verdict.warnings, [])
          assert.isTrue(verdict.validity)
        }),
      { arbitrary: { runs: 300, size: 100 } }
    )
  })

  describe("rejects", () => {
    it.effect.prop(
      "perfect logs of which one acknowledged message is hidden from all polls",
      { steps: Schema.NonEmptyArray(Step) },
      ({ steps }) =>
        Effect.sync(() => {
          const acknowledged = modelHistory(steps).findLast(({ f, type }) => f === "send" && type === "ok")
          if (acknowledged !== undefined) {
            const [[, key, [offset]]] = acknowledged.value as [[string, string, [number, number]]]
            const verdict = Kafka.check(modelHistory(steps, { hidden: { key, offset } }), defaults)
            assert.include(verdict.results.errorTypes, "unseen")
          }
        }),
      { arbitrary: { runs: 300, size: 100 } }
    )

    it("an acknowledged message that is missing before one that was polled", () => {
      const verdict = check(assign(0, "k"), sends("k", 2), poll(0, { k: [[1, 2]] }))
      assertAnomalies(verdict, ["lost-write", "unseen"])
      assert.deepStrictEqual(verdict.results.errors["lost-write"], {
        count: 1,
        errs: [{ key: "k", value: 1, index: 0, "max-read-index": 1, writer: 3, "max-read": 7 }]
      })
      assert.deepStrictEqual(verdict.results.errors["unseen"], { time: 7e9, unseen: { k: 1 }, messages: { k: [1] } })
      assert.deepStrictEqual(evidenceFor(verdict, "lost-write"), {
        message: 'Message 1 was sent to key "k" and never polled, though later messages of that key were.',
        indexes: [3, 7]
      })
    })

    it("an acknowledged message at the end of a log that was never polled", () => {
      const verdict = check(assign(0, "k"), sends("k", 2), poll(0, { k: [[0, 1]] }))
      assertAnomalies(verdict, ["unseen"])
      assert.deepStrictEqual(evidenceFor(verdict, "unseen").indexes, [5, 7])
    })

    it("a poll that leaves out a record", () => {
      const verdict = check(
        assign(0, "k"),
        sends("k", 3),
        poll(0, {
          k: [
            [0, 1],
            [2, 3]
          ]
        }),
        finalPoll("k", 3)
      )
      assertAnomalies(verdict, ["int-poll-skip"])
      assert.deepStrictEqual(verdict.results.errors["int-poll-skip"], {
        count: 1,
        errs: [{ key: "k", values: [1, 3], delta: 2, skipped: [2], op: 9 }]
      })
      assert.deepStrictEqual(evidenceFor(verdict, "int-poll-skip"), {
        message: 'One poll by process 0 went from 1 straight to 3 of key "k" and skipped 2.',
        indexes: [5, 9]
      })
    })

    it("a poll that goes back", () => {
      const verdict = check(
        assign(0, "k"),
        sends("k", 2),
        poll(0, {
          k: [
            [1, 2],
            [0, 1]
          ]
        })
      )
      assertAnomalies(verdict, ["int-nonmonotonic-poll"])
      assert.deepStrictEqual(evidenceFor(verdict, "int-nonmonotonic-poll").indexes, [7])
    })

    it("a poll that repeats a record", () => {
      const verdict = check(
        assign(0, "k"),
        sends("k", 1),
        poll(0, {
          k: [
            [0, 1],
            [0, 1]
          ]
        })
      )
      assertAnomalies(verdict, ["int-nonmonotonic-poll"])
      assert.strictEqual(
        evidenceFor(verdict, "int-nonmonotonic-poll").message,
        'One poll by process 0 repeated 1 of key "k".'
      )
    })

    it("a client whose next poll jumps over a record", () => {
      const verdict = check(
        assign(0, "k"),
        sends("k", 3),
        poll(0, { k: [[0, 1]] }),
        poll(0, { k: [[2, 3]] }),
        finalPoll("k", 3)
      )
      assertAnomalies(verdict, ["poll-skip"])
      assert.deepStrictEqual(verdict.results.errors["poll-skip"], {
        count: 1,
        errs: [{ key: "k", delta: 2, skipped: [2], ops: [9, 11] }]
      })
      assert.deepStrictEqual(evidenceFor(verdict, "poll-skip"), {
        message: 'After one poll of key "k" the next by process 0 skipped 2.',
        indexes: [5, 9, 11]
      })
      assert.isEmpty(verdict.warnings)
    })

    it("a client whose next poll begins with a record that it has polled before", () => {
      const verdict = check(
        assign(0, "k"),
        sends("k", 2),
        poll(0, {
          k: [
            [0, 1],
            [1, 2]
          ]
        }),
        poll(0, { k: [[1, 2]] })
      )
      assertAnomalies(verdict, ["nonmonotonic-poll"])
      assert.deepStrictEqual(evidenceFor(verdict, "nonmonotonic-poll").indexes, [7, 9])
    })

    it("a client whose later send stands before its earlier one", () => {
      const verdict = check(
        assign(0, "k"),
        send(0, "k", 1, "a"),
        send(0, "k", 0, "b"),
        poll(0, {
          k: [
            [0, "b"],
            [1, "a"]
          ]
        })
      )
      assertAnomalies(verdict, ["nonmonotonic-send"])
      assert.deepStrictEqual(evidenceFor(verdict, "nonmonotonic-send"), {
        message: 'To key "k", process 0 sent "a" and then "b", which comes before it in the log.',
        indexes: [3, 5]
      })
    })

    it("one offset that holds two messages", () => {
      const verdict = check(
        assign(0, "k"),
        send(1, "k", 0, "a"),
        send(1, "k", 0, "b"),
        poll(0, {
          k: [
            [0, "a"],
            [0, "b"]
          ]
        })
      )
      assert.include(verdict.results.errorTypes, "inconsistent-offsets")
      assert.deepStrictEqual(evidenceFor(verdict, "inconsistent-offsets"), {
        message: 'Offset 0 of key "k" holds "a" and "b".',
        indexes: [3, 5]
      })
    })

    it("a message that another one replaced at its offset", () => {
      const verdict = check(assign(0, "k"), send(1, "k", 0, "a"), send(1, "k", 0, "b"), poll(0, { k: [[0, "b"]] }))
      assertAnomalies(verdict, ["inconsistent-offsets", "lost-write", "unseen"])
      assert.deepStrictEqual(evidenceFor(verdict, "lost-write").indexes, [3, 7])
    })

    it("one message that has two offsets", () => {
      const verdict = check(assign(0, "k"), send(1, "k", 0, 1), poll(0, { k: [[1, 1]] }))
      assertAnomalies(verdict, ["duplicate"])
      assert.deepStrictEqual(verdict.results.errors["duplicate"], {
        count: 1,
        errs: [{ key: "k", value: 1, count: 2, offsets: [0, 1] }]
      })
      assert.deepStrictEqual(evidenceFor(verdict, "duplicate").indexes, [3, 5])
    })

    it("conflicts between large offsets, which the results hold as they were written, and negative ones", () => {
      const verdict = check(
        assign(0, "k"),
        send(1, "k", large(1), 1),
        send(1, "k", large(1), 2),
        send(1, "k", large(2), 3),
        poll(0, { k: [[-1, 3]] })
      )
      assert.include(verdict.results.errorTypes, "inconsistent-offsets")
      assert.strictEqual(
        evidenceFor(verdict, "inconsistent-offsets").message,
        'Offset 9007199254740993 of key "k" holds 1 and 2.'
      )
      assert.strictEqual(
        JSON.stringify(verdict.results.errors["duplicate"]),
        '{"count":1,"errs":[{"key":"k","value":3,"count":2,"offsets":[-1,9007199254740994]}]}'
      )
    })

    it("a polled message whose send failed", () => {
      const refused: ReadonlyArray<TinyEntry> = [
        [1, "invoke", "send", [["send", "k", 1]]],
        [1, "fail", "send", [["send", "k", 1]], { error: ["temporarily-unavailable", "busy"] }]
      ]
      const verdict = check(assign(0, "k"), refused, poll(0, { k: [[0, 1]] }))
      assertAnomalies(verdict, ["G1a"])
      assert.deepStrictEqual(evidenceFor(verdict, "G1a"), {
        message: 'A poll by process 0 returned 1 from key "k", whose send failed.',
        indexes: [3, 5]
      })
    })

    it("a polled message that nobody sent", () => {
      const verdict = check(assign(0, "k"), poll(0, { k: [[0, 1]] }))
      assertAnomalies(verdict, ["garbage-read"])
      assert.deepStrictEqual(evidenceFor(verdict, "garbage-read"), {
        message: 'A poll by process 0 returned 1 from key "k", which nobody sent.',
        indexes: [3]
      })
    })

    it("a polled message that was sent as a number and came back as a string", () => {
      const verdict = check(assign(0, "k"), send(1, "k", 0, 1), poll(0, { k: [[0, "1"]] }))
      assert.include(verdict.results.errorTypes, "garbage-read")
      assert.strictEqual(
        evidenceFor(verdict, "garbage-read").message,
        'A poll by process 0 returned "1" from key "k", which nobody sent; 1 was sent: a string for an integer.'
      )
    })

    it("a poll that ended before the send of its message began", () => {
      const verdict = check(assign(0, "k"), poll(0, { k: [[0, 1]] }), send(1, "k", 0, 1))
      assertAnomalies(verdict, ["G1c-realtime"])
      assert.deepStrictEqual(evidenceFor(verdict, "G1c-realtime").indexes, [3, 4])
    })

    it("with the example that holds the fewest records", () => {
      const long = poll(1, {
        k: [
          [0, 1],
          [2, 3],
          [3, 4]
        ]
      })
      const short = poll(0, {
        k: [
          [0, 1],
          [2, 3]
        ]
      })
      const verdict = check(assign(0, "k"), assign(1, "k"), sends("k", 4), long, short, finalPoll("k", 4))
      assert.deepStrictEqual(evidenceFor(verdict, "int-poll-skip"), {
        message: 'One poll by process 0 went from 1 straight to 3 of key "k" and skipped 2 (the shortest of 2 cases).',
        indexes: [7, 15]
      })
    })
  })

  describe("forgives, as Jepsen does", () => {
    it("transactions whose sends have others between them", () => {
      const transaction = operation(
        1,
        "txn",
        [
          ["send", "k", 1],
          ["send", "k", 3]
        ],
        [
          ["send", "k", [0, 1]],
          ["send", "k", [2, 3]]
        ]
      )
      const verdict = check(
        assign(0, "k"),
        transaction,
        send(2, "k", 1, 2),
        poll(0, {
          k: [
            [0, 1],
            [1, 2],
            [2, 3]
          ]
        })
      )
      assert.isTrue(verdict.validity)
      assert.deepStrictEqual(verdict.results.errorTypes, ["int-send-skip"])
      assert.deepStrictEqual(verdict.results.badErrorTypes, [])
    })
  })

  describe("finds what Maelstrom lets through:", () => {
    it.effect.prop(
      "committed offsets that are four too high, which never make a run invalid",
      { steps: Schema.Array(Step) },
      ({ steps }) =>
        Effect.sync(() => {
          const verdict = Kafka.check(modelHistory(steps, { commitsAhead: 4 }), defaults)
          const named = verdict.warnings.filter(({ name }) => name === "phantom-commit" || name === "commit-skip")
          assert.deepStrictEqual(verdict.warnings, named)
          assert.isTrue(verdict.validity)
        }),
      { arbitrary: { runs: 300, size: 100 } }
    )

    it("records skipped after an assign that no client can have committed", () => {
      const verdict = check(
        sends("k", 4),
        assign(0, "k"),
        poll(0, { k: [[0, 1]] }),
        assign(1, "k"),
        poll(1, { k: [[3, 4]] }),
        finalPoll("k", 4)
      )
      assertWarnings(verdict, ["commit-skip"])
      assert.strictEqual(
        verdict.warnings[0]!.message,
        'After an assign, process 1 began to read key "k" beyond 2 and 3, though no client had committed more than ' +
          "offset 0."
      )
      assert.deepStrictEqual(
        verdict.warnings[0]!.operations.map(({ index }) => index),
        [3, 11, 13, 15]
      )
    })

    it("committed offsets that no client can have committed, if clients record them", () => {
      const assigned = operation(1, "assign", ["k"], ["k"], { committed: { k: 4 } })
      const verdict = check(sends("k", 1), assign(0, "k"), poll(0, { k: [[0, 1]] }), assigned)
      assertWarnings(verdict, ["phantom-commit"])
      assert.deepStrictEqual(
        verdict.warnings[0]!.operations.map(({ index }) => index),
        [5, 7]
      )
    })

    describe("in committed offsets", () => {
      it("a commit that its own node does not list afterwards", () => {
        const verdict = judgeTwo(commitOf1, list(2, {}))
        assertWarnings(verdict, ["lost-commit"])
        assert.deepStrictEqual(verdict.warnings[0], {
          name: "lost-commit",
          message: 'n0 acknowledged a commit of offset 1 of key "k" (7), but n0 lists none later (9).',
          operations: verdict.warnings[0]!.operations
        })
        assert.deepStrictEqual(
          verdict.warnings[0]!.operations.map(({ index }) => index),
          [7, 8, 9]
        )
      })

      it("a commit that another node does not list in the end, though it need not at once", () => {
        assertWarnings(judgeTwo(commitOf1, list(1, {}), finalList(1, { k: 1 })), [])
        const verdict = judgeTwo(commitOf1, finalList(0, { k: 1 }), finalList(1, { k: 0 }))
        assertWarnings(verdict, ["lost-commit"])
        assert.strictEqual(
          verdict.warnings[0]!.message,
          'n0 acknowledged a commit of offset 1 of key "k" (7), but n1 lists 0 later (11).'
        )
      })

      it("an offset that a node listed and then goes back on", () => {
        const verdict = judgeTwo(commitOf1, list(1, { k: 1 }), list(3, { k: 0 }))
        assertWarnings(verdict, ["nonmonotonic-commit"])
        assert.strictEqual(
          verdict.warnings[0]!.message,
          'n1 listed offset 1 of key "k" as committed (9), and later 0 (11).'
        )
      })

      it("nothing where the list began before the commit was acknowledged, or where nobody knows what was committed", () => {
        const [invoke, ok] = list(2, {})
        assertWarnings(judgeTwo([...commitOf1.slice(0, -1), invoke!, commitOf1.at(-1)!, ok!]), [])
        assertWarnings(judgeTwo(assign(0, "k"), lost(0, "poll", [["poll"]]), list(2, {})), [])
      })

      it("nothing in commits of the final phase itself, of which the others have not heard yet", () => {
        assertWarnings(
          judgeTwo(
            sends("k", 1),
            finalList(0, {}),
            poll(0, { k: [[0, 1]] }),
            finalList(1, {}),
            poll(1, { k: [[0, 1]] })
          ),
          []
        )
      })

      it("a final list without an answer", () => {
        assertWarnings(judgeTwo(finalList(0, null)), ["unanswered-final-list"])
      })
    })

    it("records skipped after a seek to the beginning", () => {
      assertWarnings(check(sends("k", 2), seek(0, "k"), poll(0, { k: [[1, 2]] }), finalPoll("k", 2)), ["poll-skip"])
    })

    it("records skipped with an empty poll in between", () => {
      assertWarnings(
        check(
          sends("k", 3),
          assign(0, "k"),
          poll(0, { k: [[0, 1]] }),
          poll(0, { k: [] }),
          poll(0, { k: [[2, 3]] }),
          finalPoll("k", 3)
        ),
        ["poll-skip"]
      )
    })

    it("a step back with an empty poll in between", () => {
      assertWarnings(
        check(sends("k", 1), assign(0, "k"), poll(0, { k: [[0, 1]] }), poll(0, { k: [] }), poll(0, { k: [[0, 1]] })),
        ["nonmonotonic-poll"]
      )
    })

    it("sends that go back with an assign in between", () => {
      assertWarnings(
        check(
          send(0, "k", 1, 1),
          assign(0, "j"),
          send(0, "k", 0, 2),
          seek(1, "k"),
          poll(1, {
            k: [
              [0, 2],
              [1, 1]
            ]
          })
        ),
        ["nonmonotonic-send"]
      )
    })

    it("records of a key that was not assigned", () => {
      assertWarnings(check(sends("k", 1), assign(0, "j"), poll(0, { k: [[0, 1]] })), ["unassigned-poll"])
    })

    it("offsets that are not integers", () => {
      const verdict = check(assign(0, "k"), send(1, "k", 0, 1), poll(0, { k: [["0", 1]] }))
      assertWarnings(verdict, ["malformed-value"])
      assert.strictEqual(verdict.warnings[0]!.message, 'In a poll by process 0, "0" is no offset of key "k".')
    })

    it("a step back between large offsets of which a double holds but one, where a poll came to nothing between", () => {
      const verdict = check(
        assign(0, "k"),
        send(1, "k", large(1), 1),
        send(1, "k", large(2), 2),
        poll(0, {
          k: [
            [large(1), 1],
            [large(2), 2]
          ]
        }),
        poll(0, { k: [] }),
        poll(0, { k: [[large(1), 1]] })
      )
      assertWarnings(verdict, ["nonmonotonic-poll"])
      assert.match(
        verdict.warnings[0]!.message,
        /went back to 1 at offset 9007199254740993, .* up to offset 9007199254740994/
      )
    })

    it("polls that return no lists of records", () => {
      const malformed = operation(0, "poll", [["poll"]], [["poll", { k: 5, j: [[0]] }]])
      assertWarnings(check(assign(0, "k", "j"), malformed), ["malformed-value"])
    })
  })

  it.effect("has its results read again with every case, and Maelstrom's with whatever else is in them", () =>
    Effect.gen(function* () {
      const { results } = check(assign(0, "k"), send(1, "k", 0, 1), poll(0, { k: [[1, 1]] }))
      const encoded = Schema.encodeSync(Kafka.Results)(results)
      assert.deepStrictEqual(yield* Schema.decodeEffect(Kafka.Results)(encoded), results)
      assert.deepStrictEqual(results.errors.duplicate?.errs[0]?.offsets, [0, 1])

      const op = { index: 5, time: 7, type: "ok", process: 0, f: "poll", value: [["poll", {}]] }
      const maelstrom = {
        ...encoded,
        "poll-skip": { count: 1, errs: [{ key: "k", delta: 3, skipped: [7, 8], ops: [op, op] }] },
        "G0-realtime": { count: 1, errs: [{ steps: [] }] }
      }
      const read = yield* Schema.decodeEffect(Kafka.Results)(maelstrom)
      assert.deepStrictEqual(Schema.encodeSync(Kafka.Results)(read), maelstrom)
      assert.deepStrictEqual(read.errors["poll-skip"]?.errs[0]?.skipped, [7, 8])
    })
  )

  describe("measures the worst lag of polls", () => {
    it("from the first sign of a record to the begin of a poll that had not read it", () => {
      const { results } = check(
        sends("k", 1),
        assign(0, "k"),
        poll(0, { k: [] }),
        poll(0, { k: [[0, 1]] }),
        poll(0, { k: [] })
      )
      assert.deepStrictEqual(results.worstRealtimeLag, { time: 4, process: 0, key: "k", lag: 3 })
    })

    it("as nothing where polls return all that is known", () => {
      const { results } = check(sends("k", 1), assign(0, "k"), poll(0, { k: [[0, 1]] }))
      assert.deepStrictEqual(results.worstRealtimeLag, { time: 4, process: 0, key: "k", lag: 0 })
    })
  })
})
