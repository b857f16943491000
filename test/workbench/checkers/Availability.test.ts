import { assert, describe, it } from "@effect/vitest"
import * as Availability from "../../../src/workbench/checkers/Availability.ts"
import { tinyHistory } from "../history/tinyHistory.ts"

const history = (succeeding: number, total: number) =>
  tinyHistory(
    ["nemesis", "info", "start"],
    ...Array.from({ length: total }, (_, place) => [
      [place, "invoke", "read"] as const,
      [place, place < succeeding ? "ok" : "fail", "read"] as const
    ]).flat()
  )

describe("Availability", () => {
  it("is the fraction of client operations that succeeded, as a single", () => {
    const { results } = Availability.check(history(75, 79), { availability: null })
    assert.deepStrictEqual(results, { validity: true, okFraction: 0.9493671 })
  })

  it("counts an operation that did not end as one that did not succeed", () => {
    const unfinished = tinyHistory([0, "invoke", "read"], [0, "ok", "read"], [1, "invoke", "read"])
    assert.strictEqual(Availability.check(unfinished, { availability: null }).results.okFraction, 0.5)
  })

  it("is one if nothing was asked", () => {
    assert.deepStrictEqual(Availability.check([], { availability: "total" }).results, {
      validity: true,
      okFraction: 1
    })
  })

  it("breaks total availability by a single failure, and shows it", () => {
    const verdict = Availability.check(history(3, 5), { availability: "total" })
    assert.isFalse(verdict.validity)
    assert.deepStrictEqual(
      verdict.anomalies.map(({ message, operations }) => [message, operations.map(({ index }) => index)]),
      [["2 of 5 operations did not succeed, where all should.", [7, 8]]]
    )
    assert.isTrue(Availability.check(history(5, 5), { availability: "total" }).validity)
  })

  it("takes a fraction for a lower bound, which rounding to a single may miss", () => {
    assert.isTrue(Availability.check(history(3, 4), { availability: 0.75 }).validity)
    assert.isFalse(Availability.check(history(2, 4), { availability: 0.75 }).validity)
    assert.isFalse(Availability.check(history(9, 10), { availability: 0.9 }).validity)
  })
})
