import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, Effect, Schema } from "effect"
import * as CommittedOffsets from "../../../src/challenges/log/CommittedOffsets.ts"

const Commits = Arbitrary.schema(
  Schema.Array(
    Schema.Record(Schema.Literals(["a", "b", "c"]), Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 9 })))
  )
)

describe("CommittedOffsets", () => {
  it("gives all that is committed, for another to commit", () => {
    const one = CommittedOffsets.make()
    one.commit({ a: 3, b: 0 })
    const other = CommittedOffsets.make()
    other.commit({ a: 5 })
    for (const offsets of one.entries()) {
      other.commit(offsets)
    }
    assert.deepStrictEqual(other.list(["a", "b"]), { a: 5, b: 0 })
  })

  it("only go forward, and say which of them did", () => {
    const committed = CommittedOffsets.make()
    assert.deepStrictEqual(committed.commit({ a: 5, b: 0 }), { a: 5, b: 0 })
    assert.deepStrictEqual(committed.commit({ a: 4, b: 1, c: 2 }), { b: 1, c: 2 })
    assert.deepStrictEqual(committed.commit({ a: 5 }), {})
    assert.deepStrictEqual(committed.list(["a", "b", "c"]), { a: 5, b: 1, c: 2 })
  })

  it("leave out logs without one, and those that nobody asks for", () => {
    const committed = CommittedOffsets.make()
    committed.commit({ a: 0, b: 3 })
    assert.deepStrictEqual(committed.list(["a", "unknown", "toString"]), { a: 0 })
    assert.deepStrictEqual(committed.list([]), {})
  })

  it.effect.prop(
    "are the greatest of all that were committed, in whatever order they are heard of, and however often",
    [Commits],
    ([commits]) =>
      Effect.sync(() => {
        const here = CommittedOffsets.make()
        const there = CommittedOffsets.make()
        const advanced = commits.map(here.commit)
        for (const offsets of [...advanced.toReversed(), ...advanced]) {
          there.commit(offsets)
        }
        const greatest = Object.fromEntries(
          ["a", "b", "c"].flatMap((key) => {
            const own = commits.flatMap((offsets) => (Object.hasOwn(offsets, key) ? [offsets[key as "a"]] : []))
            return own.length === 0 ? [] : [[key, Math.max(...own)]]
          })
        )
        assert.deepStrictEqual(here.list(["a", "b", "c"]), greatest)
        assert.deepStrictEqual(there.list(["a", "b", "c"]), greatest)
      })
  )
})
