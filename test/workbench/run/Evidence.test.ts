import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import * as Evidence from "../../../src/workbench/run/Evidence.ts"
import { messageLimit } from "../../../src/workbench/run/Transfers.ts"
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
  arrives = true,
  more: { readonly [key: string]: number } = {}
): ReadonlyArray<JournalEntry> => {
  const numbered = { id: lastId++, src: NodeId.make(src), dest: NodeId.make(dest), body: { type, ...more } }
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

const broadcast = operation(0, 0, "invoke", 0, "broadcast")
const broadcastOk = operation(1, 5, "ok", 0, "broadcast")
const read = operation(2, 20, "invoke", 1, "read")
const readOk = operation(3, 23, "ok", 1, "read")

const history = [broadcast, broadcastOk, read, readOk]
const setting = { history, journal, originNanos: 10, concurrency: 3, nodeCount: 2 }

const lost = { name: "lost", message: "A value is lost.", operations: [broadcastOk, read, readOk] }

const nemesis = (index: number, time: number, f: string, value: unknown): Operation => ({
  index,
  time,
  type: "info",
  process: "nemesis",
  f,
  value
})
const fault = (name: string, from: number, to: number, value: unknown) => [
  nemesis(9, from, `start-${name}`, "one"),
  nemesis(9, from, `start-${name}`, value),
  nemesis(9, to, `stop-${name}`, null),
  nemesis(9, to, `stop-${name}`, "healed")
]

/** A message about a value. */
const forward = (sent: number, value: number, arrives: boolean) =>
  message("n0", "n2", "forward", sent, arrives, { value })

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
    const selected = Evidence.select([larger, other, lost], { ...setting, history: [] })
    assert.deepStrictEqual(
      selected.map(({ count, name, operations }) => [name, count, operations.length]),
      [
        ["lost", 2, 3],
        ["stale", 1, 1]
      ]
    )
  })

  it("has the messages between the clients and nodes concerned from the begin of the first operation to the end of the last", () => {
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
        ["c2", "n0", "broadcast", 0, 1],
        ["n0", "n1", "gossip", 2, undefined],
        ["n0", "c2", "broadcast_ok", 4, 5],
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
    assert.strictEqual(anomalies?.messages.length, messageLimit)
    assert.strictEqual(anomalies?.messagesLeftOut, 106 - messageLimit)
    const text = EvidenceText.lines(anomalies!)
    assert.isTrue(text.some((line) => line.includes("76 more messages")))
    assert.isBelow(text.length, 40)
  })

  it("keeps the requests and replies of the operations themselves, and what was said of their value, where there are many", () => {
    const many = Array.from({ length: 100 }, (_, i) => [
      ...message("n0", "n1", "gossip", 15 + i / 100),
      ...forward(15 + i / 100, 7, true)
    ]).flat()
    const entries = [...journal, ...many, ...forward(20, 0, false), ...forward(21, 0, true)]
    const [evidence] = Evidence.select([lost], { ...setting, journal: entries })
    const shown = evidence!.messages.map(({ message: { body, dest, src }, received }) =>
      [src, dest, body.type, body["value"], received === undefined].join(" ")
    )
    assert.includeMembers(shown, [
      "c2 n0 broadcast  false",
      "n0 c2 broadcast_ok  false",
      "c3 n1 read  false",
      "n1 c3 read_ok  false",
      "n0 n2 forward 0 true",
      "n0 n2 forward 0 false"
    ])
    assert.notInclude(shown, "n0 n2 forward 7 false")
  })

  it("has the faults that were in force meanwhile, those that struck a node concerned before the others", () => {
    const others = Array.from({ length: 6 }, (_, i) => fault("pause", 1 + i, 2 + i, ["paused", ["n7"]])).flat()
    const faulty = [
      ...others,
      ...fault("crash", 12, 13, ["crashed", ["n1"]]),
      ...fault("crash", 50, 60, ["crashed", ["n0"]])
    ]
    const [evidence] = Evidence.select([lost], { ...setting, history: [...history, ...faulty] })
    assert.deepStrictEqual(
      evidence?.faults?.map(({ description, from, to }) => [description, from, to]),
      [...[1, 2, 3, 4, 5].map((from) => ["n7 was paused", from, from + 1]), ["n1 had crashed", 12, 13]]
    )
    assert.strictEqual(evidence?.faultsLeftOut, 1)
    assert.include(EvidenceText.lines(evidence!).join("\n"), "    0.000 s to   0.000 s  n1 had crashed")
    assert.strictEqual(
      EvidenceText.meanwhile({ ...evidence!, faults: evidence!.faults!.slice(-1) }),
      " Meanwhile n1 had crashed (0.000 s to 0.000 s), and 1 more fault."
    )
    const [undisturbed] = Evidence.select([lost], setting)
    assert.notProperty(undisturbed, "faults")
    assert.strictEqual(EvidenceText.meanwhile(undisturbed!), "")
  })

  it("has the faults of any time before where all operations are of the final phase", () => {
    const operations = lost.operations.map((operation) => ({ ...operation, final: true as const }))
    const [begin] = operations
    const faulty = fault("crash", -9, -8, ["crashed", ["n1"]])
    const [evidence] = Evidence.select([{ ...lost, operations }], { ...setting, history: [...history, ...faulty] })
    assert.isAbove(begin!.time, -8)
    assert.deepStrictEqual(
      evidence?.faults?.map(({ description }) => description),
      ["n1 had crashed"]
    )
    assert.include(EvidenceText.lines(evidence!).join("\n"), "    Faults in force before:\n")
    assert.include(EvidenceText.meanwhile(evidence!), " Before that n1 had crashed (")
    const [inMainPhase] = Evidence.select([lost], { ...setting, history: [...history, ...faulty] })
    assert.notProperty(inMainPhase, "faults")
  })
})
