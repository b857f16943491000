import { assert, describe, it } from "@effect/vitest"
import { excerpt, truncate } from "../../src/protocol/Excerpt.ts"

describe("truncate", () => {
  it("leaves a text alone that fits, and makes any other fit", () => {
    assert.strictEqual(truncate("", 3), "")
    assert.strictEqual(truncate("abc", 3), "abc")
    assert.strictEqual(truncate("abcd", 3), "ab…")
  })
})

describe("excerpt", () => {
  it("shows the beginning of an input, and how long it is", () => {
    assert.strictEqual(excerpt("x".repeat(200)), "x".repeat(200))
    assert.strictEqual(excerpt("x".repeat(201)), `${"x".repeat(200)}… (201 characters)`)
  })
})
