import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import * as Evidence from "../../../src/workbench/run/Evidence.ts"
import * as EvidenceText from "../../../src/cli/report/EvidenceText.ts"
import { NodeId } from "../../../src/protocol/NodeId.ts"
import type { Operation } from "../../../src/workbench/history/Operation.ts"
import type { JournalEntry } from "../../../src/workbench/network/Journal.ts"

const operation = (index: number, time: number, type: Operation["type"], process: number, f: string): Operation => ({
  index,
  time,
  type,
  process,
  f,
  value: index
})

let lastId = 0

/** A message that takes a nanosecond, or is lost. */
const message = (
  src: string,
  dest: string,
  type: string,
  sent: number,
  arrives = true
): ReadonlyArray<JournalEntry> => {
  const numbered = { id: lastId++, src: NodeId.make(src), dest: NodeId.make(dest), body: { type } }
  const send = { timeNanos: sent, event: "send", message: numbered, size: 9 } as const
  return arrives ? [send, { ...send, timeNanos: sent + 1, event: "recv" }] : [send]
}

// The history begins at 10, when both nodes were told of each other.
const journal = [
  ...message("c0", "n0", "init", 0),
  ...message("n0", "c0", "init_ok", 5),
  ...message("c1", "n1", "init", 0),
  ...message("n1", "c1", "init_ok", 9),
  ...message("c2", "n0", "broadcast", 10),
  ...message("n0", "n1", "gossip", 12, false),
  ...message("n1", "n2", "gossip", 13),
  ...message("n0", "c2", "broadcast_ok", 14),
  ...message("c4", "n2", "read", 15),
  ...message("n0", "n1", "gossip", 20),
  ...message("c3", "n1", "read", 30),
  ...message("n1", "c3", "read_ok", 32),
  ...message("n0", "n1", "gossip", 40)
]

const setting = { journal, originNanos: 10, concurrency: 3, nodeCount: 2 }

const broadcastOk = operation(1, 5, "ok", 0, "broadcast")
const read = operation(2, 20, "invoke", 1, "read")
const readOk = operation(3, 23, "ok", 1, "read")

const lost = { name: "lost", message: "A value is lost.", operations: [broadcastOk, read, readOk] }

describe("anomalies", () => {
  it("are stored with messages of any form", () => {
    const odd = { ...journal[0]!.message, body: { in_reply_to: "1", ratio: JSON.rawJSON("1.0") } as never }
    const [evidence] = Evidence.select([lost], {
      ...setting,
      journal: journal.map((entry) => ({ ...entry, message: { ...entry.message, body: odd.body } }))
    })
    const stored = Schema.encodeSync(Evidence.Evidence)(evidence!)
    assert.isAbove(stored.messages.length, 0)
    assert.include(JSON.stringify(stored), '"body":{"in_reply_to":"1","ratio":1.0}')
  })

  it("is the smallest proof of each kind, with the number of all", () => {
    const other = { name: "stale", message: "A value is stale.", operations: [readOk] }
    const larger = { ...lost, operations: [broadcastOk, broadcastOk, read, readOk] }
    const selected = Evidence.select([larger, other, lost])
    assert.deepStrictEqual(
      selected.map(({ count, name, operations }) => [name, count, operations.length]),
      [
        ["lost", 2, 3],
        ["stale", 1, 1]
      ]
    )
  })

  it("has the messages between the clients and nodes concerned from the first operation to the last", () => {
    const [anomalies] = Evidence.select([lost], setting)
    assert.deepStrictEqual(
      anomalies?.messages.map(({ message: { body, dest, src }, received, sent }) => [
        src,
        dest,
        body.type,
        sent,
        received
      ]),
      [
        ["n0", "n1", "gossip", 10, 11],
        ["c3", "n1", "read", 20, 21],
        ["n1", "c3", "read_ok", 22, 23]
      ]
    )
  })

  it("tells which messages did not arrive", () => {
    const invoke = operation(0, 0, "invoke", 0, "broadcast")
    const [anomalies] = Evidence.select([{ ...lost, operations: [invoke, broadcastOk] }], setting)
    assert.deepStrictEqual(
      anomalies?.messages.map(({ message: { dest, src }, received }) => [String(src), String(dest), received]),
      [
        ["c2", "n0", 1],
        ["n0", "c2", 5]
      ]
    )
    const [wider] = Evidence.select([{ ...lost, operations: [invoke, readOk] }], setting)
    const gossip = wider?.messages.filter(({ message }) => message.body.type === "gossip")
    assert.deepStrictEqual(
      gossip?.map(({ received }) => received),
      [undefined, 11]
    )
  })

  it("leaves out what is in the middle of many messages, and says so", () => {
    const many = Array.from({ length: 100 }, (_, i) => message("n0", "n1", "gossip", 15 + i / 100)).flat()
    const [anomalies] = Evidence.select([lost], { ...setting, journal: [...journal, ...many] })
    assert.strictEqual(anomalies?.messages.length, Evidence.messageLimit)
    assert.strictEqual(anomalies?.messagesLeftOut, 103 - Evidence.messageLimit)
    const text = EvidenceText.lines(anomalies!)
    assert.isTrue(text.some((line) => line.includes("73 more messages")))
    assert.isBelow(text.length, 40)
  })
})
