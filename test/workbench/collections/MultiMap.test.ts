import { assert, describe, it } from "@effect/vitest"
import { append, getOrInsert } from "../../../src/workbench/collections/MultiMap.ts"

describe("getOrInsert", () => {
  it("makes and keeps what is missing, and only that", () => {
    const sizes = new Map([["a", 0]])
    assert.strictEqual(
      getOrInsert(sizes, "a", () => 1),
      0
    )
    assert.strictEqual(
      getOrInsert(sizes, "b", () => sizes.size),
      1
    )
    assert.deepStrictEqual(
      [...sizes],
      [
        ["a", 0],
        ["b", 1]
      ]
    )
  })
})

describe("append", () => {
  it("keeps all values of a key in order", () => {
    const lists = new Map<string, Array<number>>()
    for (const [key, value] of [
      ["a", 1],
      ["b", 2],
      ["a", 3],
      ["a", 1]
    ] as const) {
      append(lists, key, value)
    }
    assert.deepStrictEqual(
      [...lists],
      [
        ["a", [1, 3, 1]],
        ["b", [2]]
      ]
    )
  })
})
