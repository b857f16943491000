import { assert, describe, it } from "@effect/vitest"
import { defaults } from "../../../../src/workbench/checkers/CheckOptions.ts"
import * as Counter from "../../../../src/workbench/workloads/counter/Checker.ts"
import { parse } from "../../../../src/workbench/json/ExactNumber.ts"
import { type TinyEntry, tinyHistory } from "../../history/tinyHistory.ts"

const add = (delta: number, outcome: "ok" | "info" | "fail" = "ok"): ReadonlyArray<TinyEntry> => [
  [0, "invoke", "add", delta],
  [0, outcome, "add", delta]
]

const read = (process: number, value: unknown): ReadonlyArray<TinyEntry> => [
  [process, "invoke", "read"],
  [process, "ok", "read", value]
]

const finalRead = (process: number, value: unknown): ReadonlyArray<TinyEntry> => [
  [process, "invoke", "read", null, { final: true }],
  [process, "ok", "read", value, { final: true }]
]

const check = (...entries: ReadonlyArray<TinyEntry>) => Counter.check(tinyHistory(...entries), defaults)

const found = (...entries: ReadonlyArray<TinyEntry>) => {
  const { validity, warnings } = check(...entries)
  assert.isTrue(validity)
  return warnings.map(({ name, operations }) => [name, operations.map(({ index }) => index)])
}

describe("Counter", () => {
  it("accepts final reads of the sum of what was acknowledged", () => {
    assert.deepStrictEqual(check(...add(3), ...add(-5), ...finalRead(0, -2), ...finalRead(1, -2)), {
      validity: true,
      results: { validity: true, errors: null, finalReads: [-2, -2], acceptable: [[-2, -2]] },
      anomalies: [],
      warnings: []
    })
  })

  it("lets additions of unknown outcome take place or not, and failed ones not", () => {
    const additions = [...add(1), ...add(4, "info"), ...add(4, "info"), ...add(100, "fail")]
    assert.deepStrictEqual(check(...additions).results.acceptable, [
      [1, 1],
      [5, 5],
      [9, 9]
    ])
    assert.isTrue(check(...additions, ...finalRead(0, 5)).validity)
    assert.isFalse(check(...additions, ...finalRead(0, 4)).validity)
    assert.isFalse(check(...additions, ...finalRead(0, 101)).validity)
  })

  it("shows a final read that is no acceptable sum", () => {
    const verdict = check(...add(1), ...add(4, "info"), ...finalRead(2, 3))
    assert.deepStrictEqual(verdict.results.errors, [
      { index: 5, time: 5_000_000_000, type: "ok", process: 2, f: "read", value: 3, final: true }
    ])
    assert.deepStrictEqual(
      verdict.anomalies.map(({ message, operations }) => [message, operations.map(({ index }) => index)]),
      [["The final read of n2 is 3, where 1 or 5 is right.", [5]]]
    )
    assert.deepStrictEqual(verdict.warnings, [])
  })

  it("does not accept a float for an integer", () => {
    assert.isFalse(check(...add(1), ...finalRead(0, parse("1.0"))).validity)
  })

  it("takes thousands of additions of unknown outcome", () => {
    const additions = Array.from({ length: 5000 }, (_, place) => add((place % 10) - 5, "info")).flat()
    assert.deepStrictEqual(check(...additions).results.acceptable, [[-7500, 5000]])
  })

  it("finds a read that no additions begun by then sum up to", () => {
    const entries = [...add(2), ...read(0, 1), ...read(1, 2), ...read(2, 5), ...add(3), ...finalRead(0, 5)]
    assert.deepStrictEqual(found(...entries), [
      ["impossible-read", [3]],
      ["impossible-read", [7]]
    ])
  })

  it("counts an addition as begun from its invocation, but not if it failed", () => {
    const pending: TinyEntry = [0, "invoke", "add", 2]
    assert.deepStrictEqual(found(pending, ...read(1, 2), [0, "ok", "add", 2]), [])
    assert.deepStrictEqual(found(pending, ...read(1, 2), [0, "fail", "add", 2]), [["impossible-read", [2]]])
  })

  it("finds a node whose counter goes back, unless something may have been subtracted", () => {
    const entries = [...add(1), ...add(2), ...read(1, 3), ...read(2, 1), ...read(1, 1), ...finalRead(1, 3)]
    assert.deepStrictEqual(found(...entries), [["went-back", [5, 8, 9]]])
    assert.deepStrictEqual(found(...entries, ...add(-1, "fail")), [])
  })

  it("does not compare reads of a node that overlap", () => {
    const overlapping: ReadonlyArray<TinyEntry> = [
      [1, "invoke", "read"],
      [6, "invoke", "read"],
      [6, "ok", "read", 3],
      [1, "ok", "read", 1]
    ]
    assert.deepStrictEqual(found(...add(1), ...add(2), ...overlapping), [])
  })

  it("finds final reads that are acceptable but not the same", () => {
    assert.deepStrictEqual(found(...add(4, "info"), ...finalRead(1, 4), ...finalRead(2, 0), ...finalRead(3, 4)), [
      ["final-reads-disagree", [3, 5]]
    ])
  })

  it("finds a final read that was not answered", () => {
    assert.deepStrictEqual(found([0, "invoke", "read", null, { final: true }]), [["unanswered-final-read", [0]]])
  })
})
