import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, Effect, Schema } from "effect"
import * as Logs from "../../../src/challenges/log/Logs.ts"

const filled = (sizes: { readonly [key: string]: number }) => {
  const logs = Logs.make()
  for (const [key, size] of Object.entries(sizes)) {
    for (let i = 0; i < size; i++) {
      logs.append(key, `${key}${i}`)
    }
  }
  return logs
}

const records = (count: number) => Array.from({ length: count }, (_, offset) => [offset, "record"] as const)

/** Milliseconds that it takes to poll two records from the middle of a log, thousands of times. */
const took = (size: number) => {
  const logs = filled({ a: size })
  const began = performance.now()
  for (let i = 0; i < 2_000; i++) {
    logs.poll([["a", size / 2]], { perKey: 2, total: 2 })
  }
  return performance.now() - began
}

const Key = Schema.Literals(["a", "b", "c"])
const Offset = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 12 }))

describe("Logs", () => {
  it("gives each log offsets of its own: 0, 1, 2, …", () => {
    const logs = Logs.make()
    assert.deepStrictEqual(
      ["a", "b", "a", "a", "b"].map((key) => logs.append(key, "record")),
      [0, 0, 1, 2, 1]
    )
  })

  it("returns records from an offset on, and leaves out logs that have none", () => {
    const logs = filled({ a: 3, b: 1 })
    assert.deepStrictEqual(
      logs.poll([
        ["a", 1],
        ["b", 1],
        ["unknown", 0]
      ]),
      {
        a: [
          [1, "a1"],
          [2, "a2"]
        ]
      }
    )
    assert.deepStrictEqual(logs.poll([["a", Number.MAX_SAFE_INTEGER]]), {})
    assert.deepStrictEqual(logs.poll([]), {})
  })

  it("takes records at given offsets, each once, and leaves gaps between them", () => {
    const logs = Logs.make()
    for (const [offset, record] of [
      [7, "c"],
      [2, "a"],
      [5, "b"],
      [5, "again"]
    ] as const) {
      logs.put("a", offset, record)
    }
    assert.deepStrictEqual(logs.entries(), [
      ["a", 2, "a"],
      ["a", 5, "b"],
      ["a", 7, "c"]
    ])
    assert.deepStrictEqual(logs.poll([["a", 3]]), {
      a: [
        [5, "b"],
        [7, "c"]
      ]
    })
    assert.deepStrictEqual(logs.poll([["a", 8]]), {})
  })

  it("goes on behind the last offset, and leaves out as many as it is told to", () => {
    const logs = Logs.make()
    logs.put("a", 4, "first")
    assert.deepStrictEqual([logs.append("a", 1), logs.append("a", 2, 10), logs.append("a", 3)], [5, 16, 17])
    assert.strictEqual(logs.append("b", 1, 3), 3)
  })

  it("keeps any JSON as a record, and any text as a key", () => {
    const logs = Logs.make()
    const records: ReadonlyArray<Schema.Json> = [null, 0, "", false, [[]], { a: null }]
    for (const record of records) {
      logs.append("constructor", record)
    }
    logs.append("", 1)
    assert.deepStrictEqual(
      logs.poll([["constructor", 0]])["constructor"]?.map(([, record]) => record),
      records
    )
    assert.deepStrictEqual(logs.poll([["", 0]]), { "": [[0, 1]] })
  })

  it("returns no more than 512 records of a log and 4,096 in all, and of each log some", () => {
    const keys = Array.from({ length: 10 }, (_, i) => `k${i}`)
    const logs = filled(Object.fromEntries(keys.map((key) => [key, 600])))
    const firstEight = logs.poll(keys.slice(0, 8).map((key) => [key, 50]))
    assert.deepStrictEqual(
      Object.values(firstEight).map((records) => [records[0]![0], records.length]),
      Array.from({ length: 8 }, () => [50, 512])
    )
    const all = Object.values(logs.poll(keys.map((key) => [key, 50]))).map(({ length }) => length)
    assert.deepStrictEqual(
      all.toSorted(),
      keys.map((_, i) => (i < 4 ? 409 : 410))
    )
    const limited = logs.poll(
      keys.map((key) => [key, 0]),
      { perKey: 4, total: 10 }
    )
    assert.deepStrictEqual(
      Object.values(limited).map(({ length }) => length),
      keys.map(() => 1)
    )
  })

  it("limits what several nodes have answered in the same way", () => {
    const limited = Logs.withinLimits(
      [
        ["a", records(3)],
        ["b", []],
        ["c", records(9)],
        ["d", records(1)]
      ],
      { perKey: 4, total: 7 }
    )
    assert.deepStrictEqual(limited, { a: records(2), c: records(3), d: records(1) })
  })

  it("takes time for what it returns only, however long the log", () => {
    took(100)
    // Looking through the log each time would take seconds.
    assert.isBelow(took(400_000), 50 + 30 * took(100))
  })

  it.effect.prop(
    "returns the first records of each log, within the limits, all where they fit and some of each where that fits",
    [
      Arbitrary.schema(Schema.Array(Schema.Tuple([Key, Schema.Int]))),
      Arbitrary.schema(Schema.Record(Key, Offset)),
      Arbitrary.schema(Schema.Struct({ perKey: Offset, total: Offset }))
    ],
    ([sends, from, limits]) =>
      Effect.sync(() => {
        const logs = Logs.make()
        for (const [key, record] of sends) {
          logs.append(key, record)
        }
        const polled = logs.poll(Object.entries(from), limits)
        let total = 0
        for (const [key, offset] of Object.entries(from)) {
          const all = sends.filter(([owner]) => owner === key).map(([, record], index) => [index, record])
          const expected = all.slice(offset, offset + limits.perKey)
          const got = polled[key] ?? []
          total += got.length
          assert.deepStrictEqual<unknown>(got, expected.slice(0, got.length))
          assert.notDeepEqual<unknown>(polled[key], [])
          if (limits.total >= 3 * limits.perKey) {
            assert.strictEqual(got.length, expected.length)
          }
          if (limits.total >= 3 && expected.length > 0) {
            assert.isAbove(got.length, 0)
          }
        }
        assert.isAtMost(total, limits.total)
      })
  )
})
