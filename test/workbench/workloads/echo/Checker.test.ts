import { assert, describe, it } from "@effect/vitest"
import { defaults } from "../../../../src/workbench/checkers/CheckOptions.ts"
import * as Echo from "../../../../src/workbench/workloads/echo/Checker.ts"
import { type TinyEntry, tinyHistory } from "../../history/tinyHistory.ts"

const check = (...entries: ReadonlyArray<TinyEntry>) => Echo.check(tinyHistory(...entries), defaults)

describe("Echo", () => {
  it("accepts replies that hold what was sent, of any JSON type", () => {
    const verdict = check(
      [0, "invoke", "echo", "hello"],
      [1, "invoke", "echo", { a: [1, 2], b: null }],
      [1, "ok", "echo", { type: "echo_ok", echo: { b: null, a: [1, 2] } }],
      [0, "ok", "echo", { type: "echo_ok", echo: "hello", in_reply_to: 1 }]
    )
    assert.deepStrictEqual(verdict, {
      validity: true,
      results: { validity: true, errors: [] },
      anomalies: [],
      warnings: []
    })
  })

  it("shows a reply that differs with its request", () => {
    const verdict = check([1, "invoke", "echo", "hello"], [1, "ok", "echo", { type: "echo_ok", echo: "hullo" }])
    assert.isFalse(verdict.validity)
    assert.deepStrictEqual(verdict.results.errors, [
      ["Expected a message with :echo", "hello", "But received", { type: "echo_ok", echo: "hullo" }]
    ])
    assert.strictEqual(verdict.anomalies[0]?.message, `The request to n1 to echo "hello" was answered with "hullo".`)
    assert.deepStrictEqual(
      verdict.anomalies[0]?.operations.map(({ index }) => index),
      [0, 1]
    )
  })

  it("takes a definite error for a wrong reply, as Maelstrom does", () => {
    const verdict = check([0, "invoke", "echo", "a"], [0, "fail", "echo", "a", { error: ["abort", "no"] }])
    assert.isFalse(verdict.validity)
    assert.deepStrictEqual(
      verdict.anomalies.map(({ name }) => name),
      ["wrong-echo"]
    )
  })

  it("finds requests that were never answered, or answered with an indefinite error", () => {
    const verdict = check(
      [0, "invoke", "echo", "a"],
      [0, "info", "echo", "a", { error: "net-timeout" }],
      [1, "invoke", "echo", "b"],
      [1, "info", "echo", "b", { error: ["crash", "oh"] }],
      [2, "invoke", "echo", "c"]
    )
    assert.isTrue(verdict.validity)
    assert.deepStrictEqual(
      verdict.warnings.map(({ name, operations }) => [name, operations.map(({ index }) => index)]),
      [
        ["unanswered", [0, 1]],
        ["error-reply", [2, 3]],
        ["unanswered", [4]]
      ]
    )
  })
})
