import { assert, describe, it } from "@effect/vitest"
import * as SetFull from "../../../../src/workbench/workloads/broadcast/SetFull.ts"
import { type TinyEntry, tinyHistory } from "../../history/tinyHistory.ts"

const add = (value: unknown): ReadonlyArray<TinyEntry> => [
  [0, "invoke", "add", value],
  [0, "ok", "add", value]
]

const read = (...values: ReadonlyArray<unknown>): ReadonlyArray<TinyEntry> => [
  [1, "invoke", "read"],
  [1, "ok", "read", values]
]

// One second passes between two entries.
const results = (...entries: ReadonlyArray<TinyEntry>) => {
  const elements = SetFull.elements(tinyHistory(...entries), "add")
  return SetFull.results(elements, "add")
}

/** The quantiles where all values are the same. */
const all = (value: number) => ({ minimum: value, median: value, p95: value, p99: value, maximum: value })

describe("SetFull", () => {
  it("calls an element stable that the last read holds, at once if every later read does", () => {
    const { validity, stableCount, stableLatencies } = results(...add(1), ...read(1))
    assert.deepStrictEqual([validity, stableCount], [true, 1])
    assert.deepStrictEqual(stableLatencies, all(0))
  })

  it("calls an element stale by the time from its acknowledgement to the last read without it", () => {
    const result = results(...add(1), ...read(), ...read(), ...read(1))
    assert.deepStrictEqual([result.validity, result.staleCount, result.stale], [true, 1, [1]])
    assert.deepStrictEqual(result.stableLatencies, all(3000))
    assert.deepInclude(result.worstStale[0], {
      element: 1,
      outcome: "stable",
      stableLatency: 3000,
      lostLatency: null
    })
  })

  it("starts the clock at the first read with the element if that comes before the acknowledgement", () => {
    const result = results([0, "invoke", "add", 1], ...read(1), ...read(), [0, "ok", "add", 1], ...read(1))
    assert.strictEqual(result.stableLatencies?.maximum, 1000)
  })

  it("calls an element lost that was known before the last read without it began", () => {
    const result = results(...add(1), ...add(2), ...read(1, 2), ...read(2), ...read(2))
    assert.deepStrictEqual([result.validity, result.lostCount, result.lost], [false, 1, [1]])
    assert.deepStrictEqual(result.lostLatencies, all(3000))
  })

  it("takes the reads in the order of their invocations, not of their ends", () => {
    const overlapping: ReadonlyArray<TinyEntry> = [
      [1, "invoke", "read"],
      [2, "invoke", "read"],
      [2, "ok", "read", [1]],
      [1, "ok", "read", []]
    ]
    assert.strictEqual(results(...add(1), ...overlapping).lostCount, 0)
    const interleaved: ReadonlyArray<TinyEntry> = [
      [1, "invoke", "read"],
      [2, "invoke", "read"],
      [3, "invoke", "read"],
      [3, "ok", "read", []],
      [2, "ok", "read", [1]],
      [1, "ok", "read", []]
    ]
    assert.strictEqual(results(...add(1), ...interleaved).lostCount, 1)
  })

  it("calls an element never read that no read began after, or that nobody knows to exist", () => {
    const concurrent: ReadonlyArray<TinyEntry> = [
      [1, "invoke", "read"],
      [0, "ok", "add", 1],
      [1, "ok", "read", []]
    ]
    const unknown: ReadonlyArray<TinyEntry> = [
      [0, "invoke", "add", 2],
      [0, "info", "add", 2]
    ]
    const result = results([0, "invoke", "add", 1], ...concurrent)
    assert.deepStrictEqual(result.neverRead, [1])
    const later = results(...unknown, ...add(3), ...read(3))
    assert.deepStrictEqual([later.neverRead, later.stableCount, later.validity], [[2], 1, true])
  })

  it("does not know whether a history without a stable element is valid", () => {
    assert.strictEqual(results(...add(1)).validity, "unknown")
    assert.strictEqual(results().validity, "unknown")
  })

  it("ignores reads that failed", () => {
    const failed: ReadonlyArray<TinyEntry> = [
      [1, "invoke", "read"],
      [1, "fail", "read", null]
    ]
    assert.strictEqual(results(...add(1), ...read(1), ...failed).stableCount, 1)
  })
})
