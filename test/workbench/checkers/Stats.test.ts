import { assert, describe, it } from "@effect/vitest"
import * as Stats from "../../../src/workbench/checkers/Stats.ts"
import { type TinyEntry, tinyHistory } from "../history/tinyHistory.ts"

const check = (...entries: ReadonlyArray<TinyEntry>) => Stats.check(tinyHistory(...entries))

describe("Stats", () => {
  it("counts completions of clients, in all and by function", () => {
    const { results } = check(
      ["nemesis", "info", "start"],
      [0, "invoke", "read"],
      [0, "ok", "read"],
      [1, "invoke", "add"],
      [1, "fail", "add"],
      [2, "invoke", "add"],
      [2, "ok", "add"],
      [3, "invoke", "add"],
      [3, "info", "add"],
      [4, "invoke", "add"]
    )
    assert.deepStrictEqual(results, {
      validity: true,
      count: 4,
      okCount: 2,
      failCount: 1,
      infoCount: 1,
      byF: {
        add: { validity: true, count: 3, okCount: 1, failCount: 1, infoCount: 1 },
        read: { validity: true, count: 1, okCount: 1, failCount: 0, infoCount: 0 }
      }
    })
  })

  it("does not accept a function that never succeeds", () => {
    const verdict = check([0, "ok", "read"], [0, "fail", "cas"])
    assert.deepStrictEqual([verdict.validity, verdict.results.validity], [false, false])
    assert.deepStrictEqual(
      verdict.anomalies.map(({ message, operations }) => [message, operations.length]),
      [["No cas operation succeeded.", 1]]
    )
  })

  it("lets fail what never succeeds by its nature", () => {
    const history = tinyHistory([0, "ok", "poll"], [1, "info", "crash"], [2, "info", "debug"])
    assert.isTrue(Stats.check(history, ["crash", "debug"]).validity)
    assert.isFalse(Stats.check(history, ["crash"]).validity)
    assert.isTrue(Stats.check(tinyHistory([0, "info", "crash"]), ["crash"]).validity)
  })

  it("accepts a history in which nothing was done", () => {
    assert.isTrue(check().validity)
  })
})
