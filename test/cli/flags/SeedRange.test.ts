import { assert, describe, it } from "@effect/vitest"
import { Option } from "effect"
import * as SeedRange from "../../../src/cli/flags/SeedRange.ts"

describe("a range of seeds", () => {
  it("has all seeds from the first to the last", () => {
    const range = Option.getOrThrow(SeedRange.parse("3..6"))
    assert.deepStrictEqual(SeedRange.seeds(range), [3, 4, 5, 6])
    assert.deepStrictEqual(SeedRange.seeds(Option.getOrThrow(SeedRange.parse("0..0"))), [0])
  })

  it.each(["5..1", "1-5", "1..", "..5", "-1..5", "1.5..3", "1..99999999999999999999", "7", ""])("is not %j", (text) => {
    assert.isTrue(Option.isNone(SeedRange.parse(text)))
  })
})
