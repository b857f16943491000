import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import * as ReplicatedLog from "../../src/replication/ReplicatedLog.ts"

/** The first `count` items of a log: the item with sequence number 2 is "c". */
const items = (count: number, first = 0) =>
  Array.from({ length: count }, (_, index) => String.fromCodePoint(97 + first + index))

const run = (origin: number, first: number, count: number): ReplicatedLog.Run<string> => [
  origin,
  first,
  items(count, first)
]

describe("ReplicatedLog", () => {
  it("knows a run that goes on where it was, and what it brings", () => {
    const log = ReplicatedLog.make<string>(2)
    assert.deepStrictEqual(log.receive(run(1, 0, 2)), ["a", "b"])
    assert.deepStrictEqual(log.receive(run(1, 2, 1)), ["c"])
    assert.deepStrictEqual(log.version, [0, 3])
  })

  it("learns only what is new from a run that overlaps what is known", () => {
    const log = ReplicatedLog.make<string>(1)
    log.receive(run(0, 0, 3))
    assert.deepStrictEqual(log.receive(run(0, 0, 3)), [])
    assert.deepStrictEqual(log.receive(run(0, 1, 4)), ["d", "e"])
    assert.strictEqual(log.retained, 5)
  })

  it("holds what comes too early, and gives it when the gap closes, also partly", () => {
    const log = ReplicatedLog.make<string>(1)
    assert.deepStrictEqual(log.receive(run(0, 4, 2)), [])
    assert.deepStrictEqual(log.receive(run(0, 2, 1)), [])
    assert.deepStrictEqual(log.version, [0])
    assert.strictEqual(log.retained, 3)
    assert.deepStrictEqual(log.receive(run(0, 0, 2)), ["a", "b", "c"])
    assert.deepStrictEqual(log.receive(run(0, 3, 2)), ["d", "e", "f"])
    assert.strictEqual(log.retained, 6)
  })

  it("does not hold what is too far off, nor let that keep it from holding what is near", () => {
    const log = ReplicatedLog.make<string>(1)
    for (let beyond = 0; beyond < 50; beyond++) {
      log.receive(run(0, ReplicatedLog.holdLimit + 1 + beyond, 1))
    }
    log.receive([0, Number.MAX_SAFE_INTEGER, ["x", "y", "z"]])
    assert.strictEqual(log.retained, 0)
    log.receive(run(0, 1, 2))
    assert.deepStrictEqual(log.receive(run(0, 0, 1)), ["a", "b", "c"])
  })

  it("gives what is beyond a version, up to a limit, of those origins that are asked for", () => {
    const log = ReplicatedLog.make<string>(3)
    for (const origin of [0, 1, 2]) {
      log.receive(run(origin, 0, 3))
    }
    assert.deepStrictEqual(log.since([3, 1, 0], 10), [run(1, 1, 2), run(2, 0, 3)])
    assert.deepStrictEqual(log.since([0, 0, 0], 4), [run(0, 0, 3), run(1, 0, 1)])
    assert.deepStrictEqual(
      log.since([0, 0, 0], 10, (origin) => origin === 1),
      [run(1, 0, 3)]
    )
    assert.deepStrictEqual(log.since([9, 9, 9], 10), [])
  })

  it("truncates as much as it is told to, and never what it does not know", () => {
    const log = ReplicatedLog.make<string>(2)
    log.receive(run(0, 0, 3))
    log.truncate([2, 5])
    assert.deepStrictEqual(log.truncated, [2, 0])
    assert.strictEqual(log.retained, 1)
    log.truncate([1, 0])
    assert.deepStrictEqual(log.since([0, 0], 10), [run(0, 2, 1)])
    assert.deepStrictEqual(log.receive(run(0, 3, 1)), ["d"])
    assert.deepStrictEqual(log.receive(run(1, 0, 1)), ["a"])
  })

  it("goes on behind what cannot be had any more, with what it held from there", () => {
    const log = ReplicatedLog.make<string>(1)
    log.receive(run(0, 0, 1))
    log.receive(run(0, 2, 4))
    assert.deepStrictEqual(log.skip(0, 3), ["d", "e", "f"])
    assert.deepStrictEqual(log.version, [6])
    assert.deepStrictEqual(log.truncated, [3])
    assert.deepStrictEqual(log.skip(0, 6), [])
    assert.deepStrictEqual(log.since([0], 10), [run(0, 3, 3)])
  })

  it("orders logs anew, with empty ones between them, and drops those that are left out", () => {
    const log = ReplicatedLog.make<string>(3)
    const { version } = log
    log.receive(run(0, 0, 3))
    log.receive(run(1, 0, 1))
    log.receive(run(2, 1, 1))
    log.truncate([1, 0, 0])
    log.reorder([2, -1, 0])
    assert.deepStrictEqual(version, [0, 0, 3])
    assert.deepStrictEqual(log.truncated, [0, 0, 1])
    assert.strictEqual(log.retained, 3)
    assert.deepStrictEqual(log.receive(run(0, 0, 1)), ["a", "b"])
    assert.deepStrictEqual(log.receive(run(1, 0, 1)), ["a"])
    assert.deepStrictEqual(log.receive(run(2, 3, 1)), ["d"])
  })

  const Seq = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 12 }))

  it.effect.prop(
    "brings every item once and in order, however runs are cut, repeated and mixed up",
    [Schema.Array(Schema.Tuple([Seq, Seq])), Seq],
    ([cuts, stable]) =>
      Effect.sync(() => {
        const log = ReplicatedLog.make<string>(1)
        const known = cuts.flatMap(([first, count]) => {
          const learned = log.receive(run(0, first, count))
          log.truncate([stable])
          return learned
        })
        assert.deepStrictEqual(known, items(log.version[0]!))
        const all = [...known, ...log.receive(run(0, 0, 30))]
        assert.deepStrictEqual(all, items(30))
        log.truncate([30])
        assert.strictEqual(log.retained, 0)
      })
  )
})
