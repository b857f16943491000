import { assert, describe, it } from "@effect/vitest"
import type { Body } from "../../../src/protocol/Message.ts"
import { NodeId } from "../../../src/protocol/NodeId.ts"
import { unmatchedReplies } from "../../../src/workbench/clients/UnmatchedReplies.ts"
import { parse } from "../../../src/workbench/json/ExactNumber.ts"
import type { JournalEntry } from "../../../src/workbench/network/Journal.ts"

const sent = (src: string, dest: string, body: string): JournalEntry => ({
  timeNanos: 5,
  event: "send",
  message: { id: 0, src: NodeId.make(src), dest: NodeId.make(dest), body: parse(body) as Body },
  size: body.length
})

const requests = [1, 2].map((id) => sent("c1", "n0", `{"type":"echo","msg_id":${id}}`))

const textsOf = (...entries: ReadonlyArray<JournalEntry>) =>
  unmatchedReplies([...requests, ...entries]).map(({ text }) => text)

const reply = (inReplyTo?: string, type = "echo_ok", dest = "c1") =>
  sent("n0", dest, `{"type":"${type}"${inReplyTo === undefined ? "" : `,"in_reply_to":${inReplyTo}`}}`)

describe("UnmatchedReplies", () => {
  it("are not what answers a request, however late or often", () => {
    assert.deepStrictEqual(textsOf(reply("2"), reply("1"), reply("1"), reply("2", "error")), [])
  })

  it("are not what nodes and services send each other", () => {
    assert.deepStrictEqual(
      textsOf(sent("n0", "n1", '{"type":"gossip"}'), sent("lin-kv", "n0", '{"type":"read_ok"}')),
      []
    )
  })

  const expected = ', expected "in_reply_to":2, the msg_id of its request'
  it.each([
    [undefined, `n0 sent c1 an echo_ok without in_reply_to${expected}`],
    ["null", `n0 sent c1 an echo_ok with in_reply_to null, which is no integer${expected}`],
    ['"2"', `n0 sent c1 an echo_ok with in_reply_to "2", a string${expected}`],
    ["2.0", `n0 sent c1 an echo_ok with in_reply_to 2.0, which is no integer${expected}`],
    ["3", `n0 sent c1 an echo_ok to a request that c1 did not make, "in_reply_to":3${expected}`],
    ["0", `n0 sent c1 an echo_ok to a request that c1 did not make, "in_reply_to":0${expected}`],
    ["-1", `n0 sent c1 an echo_ok to a request that c1 did not make, "in_reply_to":-1${expected}`],
    [
      "9007199254740993",
      `n0 sent c1 an echo_ok to a request that c1 did not make, "in_reply_to":9007199254740993${expected}`
    ]
  ])("are those with in_reply_to %s", (inReplyTo, text) => {
    assert.deepStrictEqual(textsOf(reply(inReplyTo)), [text])
  })

  it("are what a client gets that asked for nothing", () => {
    assert.deepStrictEqual(textsOf(reply("1", "read_ok", "c2"), reply(undefined, "gossip", "c2")), [
      'n0 sent c2 a read_ok to a request that c2 did not make, "in_reply_to":1',
      "n0 sent c2 a gossip without in_reply_to"
    ])
  })

  it("may have no type", () => {
    assert.deepStrictEqual(textsOf(sent("n0", "c2", "{}")), ["n0 sent c2 a message without a type without in_reply_to"])
  })
})
