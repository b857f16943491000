import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { parse } from "../../../src/workbench/json/ExactNumber.ts"
import * as JepsenKeys from "../../../src/workbench/json/JepsenKeys.ts"

const Inner = JepsenKeys.struct({ okCount: Schema.Int, worst: Schema.optionalKey(Schema.Number) })

const Outer = JepsenKeys.struct(
  {
    validity: Schema.Boolean,
    byF: Schema.Record(Schema.String, Inner),
    least: Schema.Unknown,
    cases: Schema.Record(Schema.String, Inner),
    last: Schema.Array(Schema.Unknown)
  },
  { keys: { least: "0" }, spread: "cases" }
)

const decoded = {
  last: [],
  cases: { someError: { okCount: 3 }, "other-error": { okCount: 4, worst: 1 } },
  least: parse("3.0"),
  validity: true,
  byF: { someF: { okCount: 2 } }
}

const encoded = {
  "0": parse("3.0"),
  "valid?": true,
  "by-f": { someF: { "ok-count": 2 } },
  someError: { "ok-count": 3 },
  "other-error": { "ok-count": 4, worst: 1 },
  last: []
}

describe("JepsenKeys", () => {
  it("encodes the names of fields, in their order, and leaves the keys of records", () => {
    assert.strictEqual(JSON.stringify(Schema.encodeSync(Outer)(decoded)), JSON.stringify(encoded))
  })

  it("decodes what it encoded", () => {
    assert.deepStrictEqual(Schema.decodeUnknownSync(Outer)(encoded), decoded)
  })

  it("passes on what no field names", () => {
    const more = { "ok-count": 1, "some-more": { "not-ours": 1 } }
    const read = Schema.decodeUnknownSync(Inner)(more)
    assert.deepStrictEqual(read, { okCount: 1, "some-more": { "not-ours": 1 } } as typeof read)
    assert.deepStrictEqual(Schema.encodeSync(Inner)(read), more)
  })

  it("refuses what is no such result", () => {
    assert.throws(() => Schema.decodeUnknownSync(Inner)({ "ok-count": "1" }), "okCount")
  })
})
