import { assert, describe, it } from "@effect/vitest"
import type { Body } from "../../../src/protocol/Message.ts"
import { NodeId } from "../../../src/protocol/NodeId.ts"
import type { JournalEntry } from "../../../src/workbench/network/Journal.ts"
import * as Unanswered from "../../../src/workbench/run/Unanswered.ts"
import { type TinyEntry, tinyHistory } from "../history/tinyHistory.ts"

const originNanos = 100

/** Process 0 talks to n0, process 1 to n1. Entries are a second apart. */
const binding = { concurrency: 2, nodeCount: 2 }

const strayAt = (time: number, node: string): JournalEntry => ({
  timeNanos: originNanos + time,
  event: "send",
  message: { id: 0, src: NodeId.make(node), dest: NodeId.make("c1"), body: { type: "echo_ok" } as Body },
  size: 9
})

const warningsOf = (
  history: ReadonlyArray<TinyEntry>,
  journal: ReadonlyArray<JournalEntry>,
  complaints: { readonly [node: string]: string } = {}
) =>
  Unanswered.warnings({ history: tinyHistory(...history), journal, originNanos, logs: {}, complaints }, binding).map(
    ({ message, name, operations }) => ({ name, message, operations: operations.map(({ index }) => index) })
  )

const timedOut: ReadonlyArray<TinyEntry> = [
  [0, "invoke", "echo", "a"],
  [1, "invoke", "echo", "b"],
  [1, "ok", "echo", "b"],
  [0, "info", "echo", "a", { error: "net-timeout" }]
]

describe("Unanswered", () => {
  it("shows a reply that matches no request with the operation of that node that waited in vain", () => {
    const stray = { name: "unmatched-reply", message: "n0 sent c1 an echo_ok without in_reply_to." }
    assert.deepStrictEqual(warningsOf(timedOut, [strayAt(1, "n0")]), [{ ...stray, operations: [0, 3] }])
    assert.deepStrictEqual(warningsOf(timedOut, [strayAt(-50, "n0")]), [{ ...stray, operations: [] }])
    assert.deepStrictEqual(
      warningsOf(timedOut, [strayAt(1, "n1")]).map(({ operations }) => operations),
      [[]]
    )
  })

  it("knows the timeouts of counters, too", () => {
    const timeout = { error: "indeterminate: timeout: no reply to add from n0 within 5s", exception: true }
    const history: ReadonlyArray<TinyEntry> = [
      [0, "invoke", "add", 1],
      [0, "info", "add", 1, timeout]
    ]
    assert.deepStrictEqual(warningsOf(history, [strayAt(0, "n0")])[0]?.operations, [0, 1])
  })

  it("tells of output that is no message yet where a request of that node was not answered", () => {
    const complaints = { n0: "has printed half a line", n1: "has printed half a line" }
    assert.deepStrictEqual(warningsOf(timedOut, [], complaints), [
      { name: "unfinished-output", message: "n0 has printed half a line.", operations: [0, 3] }
    ])
  })
})
