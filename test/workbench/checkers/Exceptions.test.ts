import { assert, describe, it } from "@effect/vitest"
import { defaults } from "../../../src/workbench/checkers/CheckOptions.ts"
import * as Exceptions from "../../../src/workbench/checkers/Exceptions.ts"
import { type TinyEntry, tinyHistory } from "../history/tinyHistory.ts"

const failing = (process: number, error: unknown): ReadonlyArray<TinyEntry> => [
  [process, "invoke", "add", process],
  [process, "info", "add", process, { error, exception: true }]
]

const check = (...entries: ReadonlyArray<TinyEntry>) => Exceptions.check(tinyHistory(...entries), defaults)

describe("Exceptions", () => {
  it("says nothing where there are none", () => {
    const { results } = check([0, "invoke", "add"], [0, "info", "add", null, { error: "net-timeout" }])
    assert.deepStrictEqual(results, { validity: true })
  })

  it("counts exceptions by kind, the most frequent first", () => {
    const busy = "indeterminate: throw+: {:type :rpc-error, :code 11, :name :temporarily-unavailable, :definite? true}"
    const { results, validity } = check(
      ...failing(0, "indeterminate: Client read timeout"),
      ...failing(1, busy),
      ...failing(2, busy),
      ...failing(3, ["abort", "no"])
    )
    assert.isTrue(validity)
    assert.deepStrictEqual(
      results.exceptions?.map(({ class: kind, count, example }) => [kind, count, example.index]),
      [
        ["temporarily-unavailable", 2, 3],
        ["net-timeout", 1, 1],
        ["abort", 1, 7]
      ]
    )
  })

  it.each([
    ["indeterminate: Malformed RPC response. The node sent…", "A reply of n1 to add is malformed."],
    [
      ["malformed-rpc-response", "add_ok of n1: x is unknown, got 1"],
      "A reply of n1 to add is malformed: add_ok of n1: x is unknown, got 1."
    ]
  ])("finds malformed replies: %s", (error, message) => {
    assert.deepStrictEqual(
      check(...failing(1, error)).warnings.map(({ name, message, operations }) => [name, message, operations.length]),
      [["malformed-reply", message, 2]]
    )
  })
})
