import { assert, describe, it } from "@effect/vitest"
import { NodeId } from "../../../src/protocol/NodeId.ts"
import type { History } from "../../../src/workbench/history/Operation.ts"
import type { JournalEntry } from "../../../src/workbench/network/Journal.ts"
import { statistics } from "../../../src/workbench/network/Statistics.ts"

const entry = (event: "send" | "recv", id: number, src: string, dest: string, size: number): JournalEntry => ({
  timeNanos: 0,
  event,
  message: { id, src: NodeId.make(src), dest: NodeId.make(dest), body: { type: "any" } },
  size
})

const operation = (index: number, type: "invoke" | "ok" | "info", process: number | "nemesis") => ({
  index,
  time: index,
  type,
  process,
  f: "any",
  value: null
})

/** Two requests of clients. One is passed on to a peer, twice over, and to a service, where it is lost. */
const journal = [
  entry("send", 0, "c0", "n0", 10),
  entry("recv", 0, "c0", "n0", 10),
  entry("send", 1, "n0", "n1", 20),
  entry("recv", 1, "n0", "n1", 20),
  entry("recv", 1, "n0", "n1", 20),
  entry("send", 2, "n0", "seq-kv", 30),
  entry("send", 3, "n0", "c0", 5),
  entry("recv", 3, "n0", "c0", 5),
  entry("send", 4, "c1", "n1", 10),
  entry("recv", 4, "c1", "n1", 10)
]

const history: History = [
  operation(0, "invoke", 0),
  operation(1, "info", "nemesis"),
  operation(2, "info", "nemesis"),
  operation(3, "ok", 0),
  operation(4, "invoke", 1),
  operation(5, "info", 1),
  operation(6, "invoke", 2)
]

describe("statistics", () => {
  it("counts sends, receipts and messages, of all, of clients and of servers, and the rest by invoked operations", () => {
    assert.deepStrictEqual(statistics(journal, history), {
      all: {
        sendCount: 5,
        recvCount: 5,
        msgCount: 5,
        sendChars: 75,
        msgsPerOp: Math.fround(5 / 3),
        charsPerOp: 25
      },
      clients: { sendCount: 3, recvCount: 3, msgCount: 3, sendChars: 25 },
      servers: {
        sendCount: 2,
        recvCount: 2,
        msgCount: 2,
        sendChars: 50,
        msgsPerOp: Math.fround(2 / 3),
        charsPerOp: Math.fround(50 / 3)
      }
    })
  })

  it("has no figures by operation where there was none", () => {
    assert.notProperty(statistics(journal, []).all, "msgsPerOp")
    assert.strictEqual(statistics([], []).servers.msgCount, 0)
  })
})
