import { assert, describe, it } from "@effect/vitest"
import * as Broadcast from "../../../../src/workbench/workloads/broadcast/Checker.ts"
import { defaults } from "../../../../src/workbench/checkers/CheckOptions.ts"
import { type TinyEntry, tinyHistory } from "../../history/tinyHistory.ts"

const broadcast = (value: unknown): ReadonlyArray<TinyEntry> => [
  [0, "invoke", "broadcast", value],
  [0, "ok", "broadcast", value]
]

const read = (process: number, ...values: ReadonlyArray<unknown>): ReadonlyArray<TinyEntry> => [
  [process, "invoke", "read"],
  [process, "ok", "read", values]
]

const finalRead = (process: number, ...values: ReadonlyArray<unknown>): ReadonlyArray<TinyEntry> => [
  [process, "invoke", "read", null, { final: true }],
  [process, "ok", "read", values, { final: true }]
]

const check = (...entries: ReadonlyArray<TinyEntry>) =>
  Broadcast.check(tinyHistory(...entries), { ...defaults, concurrency: 4, nodeCount: 2 })

const found = (...entries: ReadonlyArray<TinyEntry>) => {
  const { validity, warnings } = check(...entries)
  assert.isTrue(validity)
  return warnings.map(({ name, operations }) => [name, operations.map(({ index }) => index)])
}

/** What is said of 0 that was acknowledged and comes back as another value at the end. */
const messagesOf = (value: unknown) => {
  const reads = [...broadcast(0), ...broadcast(1), ...read(1, 0), ...finalRead(1, 1, value)]
  const { anomalies, warnings } = check(...reads)
  return [...anomalies, ...warnings].map(({ message }) => message)
}

describe("Broadcast", () => {
  it("shows a lost value with its acknowledgement and the read without it, and finds nothing besides", () => {
    const verdict = check(...broadcast(7), ...broadcast(8), ...read(1, 7, 8), ...finalRead(1, 8))
    assert.isFalse(verdict.validity)
    assert.deepStrictEqual(verdict.warnings, [])
    assert.deepStrictEqual(
      verdict.anomalies.map(({ name, message, operations }) => [name, message, operations.map(({ index }) => index)]),
      [["lost", "The value 7 was acknowledged (1), but the read invoked last (6) lacks it.", [1, 6, 7]]]
    )
  })

  it("says of a lost value that came in another kind that it did", () => {
    assert.deepStrictEqual(messagesOf("0"), [
      'The value 0 was acknowledged (1), but the read invoked last (6) has "0" for it: a string for an integer.',
      'A read of n1 holds "0", which was sent as 0: a string for an integer.'
    ])
    assert.deepStrictEqual(messagesOf(JSON.rawJSON("0.0")), [
      "The value 0 was acknowledged (1), but the read invoked last (6) has 0.0 for it: a float for an integer.",
      "A read of n1 holds 0.0, which was sent as 0: a float for an integer."
    ])
  })

  it("does not accept a history in which nothing was read", () => {
    const verdict = check(...broadcast(1))
    assert.deepStrictEqual([verdict.validity, verdict.results.validity], ["unknown", "unknown"])
    assert.deepStrictEqual(
      verdict.anomalies.map(({ name }) => name),
      ["never-read"]
    )
  })

  it("allows values to be late", () => {
    assert.deepStrictEqual(found(...broadcast(1), ...read(1), ...read(1), ...finalRead(0, 1), ...finalRead(1, 1)), [])
  })

  it("finds a value that a node forgets while others hold it", () => {
    assert.deepStrictEqual(found(...broadcast(1), ...read(1, 1), ...finalRead(1), ...finalRead(0, 1)), [
      ["forgotten", [3, 4, 5]]
    ])
  })

  it("knows the processes of one node", () => {
    // Processes 1, 3 and 5 belong to node 1: threads 1 and 3, and the successor of thread 1.
    const reads = [...read(3, 1), ...read(5), ...read(0, 1)]
    assert.deepStrictEqual(found(...broadcast(1), ...reads), [["forgotten", [3, 4, 5]]])
  })

  it("does not take a read that began before another ended for a later one", () => {
    const overlapping: ReadonlyArray<TinyEntry> = [
      [1, "invoke", "read"],
      [3, "invoke", "read"],
      [3, "ok", "read", [1]],
      [1, "ok", "read", []]
    ]
    assert.deepStrictEqual(found(...broadcast(1), ...overlapping), [])
  })

  it("finds a value that one node never gets", () => {
    assert.deepStrictEqual(found(...broadcast(1), ...finalRead(1), ...finalRead(0, 1)), [
      ["final-reads-disagree", [3, 5]]
    ])
  })

  it("finds a value twice in a read", () => {
    assert.deepStrictEqual(found(...broadcast(1), ...read(0, 1, 1), ...read(0, 1, 1)), [["duplicated", [3]]])
  })

  it("finds a value that nobody sent, or that was read before it was sent", () => {
    assert.deepStrictEqual(found(...broadcast(1), ...read(0, 1, 2, 99), ...broadcast(2), ...read(0, 1, 2)), [
      ["phantom", [3]],
      ["phantom", [3]]
    ])
  })

  it("finds a value in another type, and does not call it missing", () => {
    assert.deepStrictEqual(found(...broadcast(1), ...read(1, 1), ...finalRead(1, "1"), ...finalRead(0, 1)), [
      ["wrong-type", [5]]
    ])
  })

  it("finds a final read that failed", () => {
    const failed: ReadonlyArray<TinyEntry> = [
      [1, "invoke", "read", null, { final: true }],
      [1, "fail", "read", null, { final: true, error: "net-timeout" }]
    ]
    assert.deepStrictEqual(found(...broadcast(1), ...finalRead(0, 1), ...failed), [["unanswered-final-read", [4, 5]]])
  })
})
