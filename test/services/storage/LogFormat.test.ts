import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, Result, Schema } from "effect"
import * as LogFormat from "../../../src/services/storage/LogFormat.ts"
import { parsable } from "../../protocol/parsable.ts"

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes)

const concat = (parts: ReadonlyArray<Uint8Array>) => Uint8Array.from(parts.flatMap((part) => [...part]))

const json = (values: ReadonlyArray<unknown>) => values.map((value) => JSON.stringify(value))

/** The records of some writes, one write at least. */
const Writes = parsable(
  Arbitrary.schema(Schema.Array(Schema.Array(Schema.Json)).check(Schema.isMinLength(1), Schema.isMaxLength(5)))
)
const Position = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 1_000_000 }))
const Difference = Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 255 }))

const frames = (writes: ReadonlyArray<ReadonlyArray<unknown>>) =>
  writes.map((records) => LogFormat.frame(json(records)))

const recordsOf = (bytes: Uint8Array) => json(Result.getOrThrow(LogFormat.read(bytes)).records)

const isDamaged = (bytes: Uint8Array) => Result.isFailure(LogFormat.read(bytes))

describe("LogFormat", () => {
  it("has a write a line, with its checksum before it", () => {
    assert.strictEqual(text(LogFormat.frame([`{"add":1}`, `{"add":2}`])), `8107f82e [{"add":1},{"add":2}]\n`)
    assert.strictEqual(text(LogFormat.file([`1`])), `4c2f32b8 [1]\n0d4cbb29 []\n`)
  })

  it.prop(
    "reads back what was written, whether in pieces or as a whole",
    [Writes],
    ([writes]) => {
      const bytes = concat(frames(writes))
      assert.deepStrictEqual(recordsOf(bytes), json(writes.flat()))
      assert.strictEqual(Result.getOrThrow(LogFormat.read(bytes)).goodBytes, bytes.length)
      assert.deepStrictEqual(recordsOf(LogFormat.file(json(writes.flat()))), json(writes.flat()))
    },
    { arbitrary: { runs: 200 } }
  )

  it.prop(
    "recovers from any beginning of a file the writes that are whole",
    [Writes, Position],
    ([writes, position]) => {
      const parts = frames(writes)
      const bytes = concat(parts)
      const cut = position % (bytes.length + 1)
      let whole = 0
      let wholeBytes = 0
      while (whole < parts.length && wholeBytes + parts[whole]!.length <= cut) {
        wholeBytes += parts[whole++]!.length
      }
      const contents = Result.getOrThrow(LogFormat.read(bytes.subarray(0, cut)))
      assert.deepStrictEqual(json(contents.records), json(writes.slice(0, whole).flat()))
      assert.strictEqual(contents.goodBytes, wholeBytes)
    },
    { arbitrary: { runs: 1000 } }
  )

  it.prop(
    "refuses a file with a changed byte anywhere but in its last write, which it leaves out",
    [Writes, Position, Difference],
    ([writes, at, difference]) => {
      const parts = frames(writes)
      const bytes = concat(parts)
      const position = at % bytes.length
      bytes[position]! ^= difference
      const isLast = position >= bytes.length - parts.at(-1)!.length
      assert.strictEqual(isDamaged(bytes), !isLast)
      if (isLast) {
        assert.deepStrictEqual(recordsOf(bytes), json(writes.slice(0, -1).flat()))
      }
    },
    { arbitrary: { runs: 2000 } }
  )

  it.prop(
    "refuses a file that was written as a whole with a changed byte anywhere but in its seal",
    [Writes, Position, Difference],
    ([writes, at, difference]) => {
      const bytes = LogFormat.file(json(writes.flat()))
      const position = at % bytes.length
      bytes[position]! ^= difference
      assert.strictEqual(isDamaged(bytes), position < bytes.length - LogFormat.frame([]).length)
    },
    { arbitrary: { runs: 1000 } }
  )

  it("takes a last write for torn whatever part of it is missing, as pages reach a disk in any order", () => {
    const before = LogFormat.frame([`"kept"`])
    const last = LogFormat.frame([`"${"x".repeat(30)}"`, `"${"y".repeat(30)}"`])
    for (let from = 0; from < last.length; from++) {
      for (let to = from + 1; to <= last.length; to++) {
        assert.deepStrictEqual(recordsOf(concat([before, last.slice().fill(0, from, to)])), [`"kept"`])
      }
    }
  })

  it("says which record is damaged, and at which byte", () => {
    const parts = frames([[1, 2], [3], [4]])
    const bytes = concat(parts)
    bytes[parts[0]!.length + 10]! ^= 1
    assert.deepStrictEqual(LogFormat.read(bytes), Result.fail({ record: 3, byte: parts[0]!.length }))
  })

  it("takes no text inside a torn record for a write", () => {
    const inner = text(LogFormat.frame([`1`]))
    const whole = LogFormat.frame(json([inner, "and more"]))
    assert.deepStrictEqual(recordsOf(whole.subarray(0, whole.length - 1)), [])
  })
})
