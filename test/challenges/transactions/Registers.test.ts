import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, Effect, Schema } from "effect"
import * as Registers from "../../../src/challenges/transactions/Registers.ts"
import type { MicroOperation } from "../../../src/protocol/Txn.ts"

const make = () => Registers.make<number>((a, b) => a - b)

const read = (registers: Registers.Registers<number>, ...keys: ReadonlyArray<Schema.Json>) =>
  registers.execute([keys.map((key) => ["r", key, null] as const)]).completed[0]!.map(([, , value]) => value)

const Write = Schema.Struct({
  version: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 50 })),
  keys: Schema.Array(Schema.Literals(["a", "b", "c"]))
})

describe("Registers", () => {
  it("read null where nothing was written", () => {
    assert.deepStrictEqual(read(make(), 1, "x", [], {}), [null, null, null, null])
  })

  it("let a transaction read its own writes, and nobody else before they are applied", () => {
    const registers = make()
    registers.apply([["x", "old"]], 1)
    const txn: ReadonlyArray<MicroOperation> = [
      ["r", "x", null],
      ["w", "x", "new"],
      ["r", "x", null],
      ["r", "y", null],
      ["w", "y", 1],
      ["r", "y", null]
    ]
    const { completed, writes } = registers.execute([txn])
    assert.deepStrictEqual(completed, [
      [
        ["r", "x", "old"],
        ["w", "x", "new"],
        ["r", "x", "new"],
        ["r", "y", null],
        ["w", "y", 1],
        ["r", "y", 1]
      ]
    ])
    assert.deepStrictEqual(read(registers, "x", "y"), ["old", null])
    registers.apply(writes, 2)
    assert.deepStrictEqual(read(registers, "x", "y"), ["new", 1])
  })

  it("keep the last write of a transaction to a key alone, also when a value is written for null", () => {
    const registers = make()
    const { writes } = registers.execute([
      [
        ["w", "x", 1],
        ["w", "y", 5],
        ["w", "x", 2],
        ["w", "x", null]
      ]
    ])
    assert.sameDeepMembers(
      [...writes],
      [
        ["x", null],
        ["y", 5]
      ]
    )
  })

  it("run transactions one after another", () => {
    const { completed, writes } = make().execute([
      [
        ["w", "x", 1],
        ["w", "y", 1]
      ],
      [
        ["r", "x", null],
        ["w", "x", 2]
      ],
      [["r", "x", null]]
    ])
    assert.deepStrictEqual(completed.slice(1), [
      [
        ["r", "x", 1],
        ["w", "x", 2]
      ],
      [["r", "x", 2]]
    ])
    assert.deepStrictEqual(
      new Map(writes as ReadonlyArray<[string, number]>),
      new Map([
        ["x", 2],
        ["y", 1]
      ])
    )
  })

  it("take an empty transaction", () => {
    assert.deepStrictEqual(make().execute([[]]), { completed: [[]], writes: [] })
  })

  it("compare keys by what they contain", () => {
    const registers = make()
    const keys: ReadonlyArray<Schema.Json> = [
      0,
      "0",
      null,
      "null",
      false,
      "",
      [],
      {},
      [0],
      ["0"],
      [[0]],
      { a: 1 },
      { a: [1, { b: null }] },
      { b: 1 },
      "constructor",
      "__proto__",
      1.5,
      2 ** 53
    ]
    registers.apply(
      keys.map((key, index) => [key, index]),
      1
    )
    const copies = keys.map((key) => JSON.parse(JSON.stringify(key)) as Schema.Json)
    assert.deepStrictEqual(
      read(registers, ...copies),
      keys.map((_, index) => index)
    )
    registers.apply([[{ x: 1, y: [2] }, "found"]], 1)
    assert.deepStrictEqual(read(registers, { y: [2], x: 1 }, -0), ["found", 0])
  })

  it.effect.prop(
    "end up the same in whatever order writes are applied, each key with its latest",
    [Arbitrary.schema(Schema.Array(Write)), Schema.Int],
    ([all, seed]) =>
      Effect.sync(() => {
        const writes = [...new Map(all.map((write) => [write.version, write])).values()]
        const rotated = writes.map((_, i) => writes[(i + Math.abs(seed)) % writes.length]!)
        const results = [writes, rotated, writes.toReversed()].map((order) => {
          const registers = make()
          for (const { keys, version } of order) {
            registers.apply(
              keys.map((key) => [key, version]),
              version
            )
          }
          return read(registers, "a", "b", "c")
        })
        const latest = ["a", "b", "c"].map((key) =>
          writes.reduce<number | null>(
            (newest, { keys, version }) =>
              (keys as ReadonlyArray<string>).includes(key) && version > (newest ?? 0) ? version : newest,
            null
          )
        )
        for (const result of results) {
          assert.deepStrictEqual(result, latest)
        }
      })
  )
})
