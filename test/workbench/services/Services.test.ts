import { assert, describe, it } from "@effect/vitest"
import type { Body, Message } from "../../../src/protocol/Message.ts"
import { NodeId } from "../../../src/protocol/NodeId.ts"
import * as Network from "../../../src/workbench/network/Network.ts"
import * as Services from "../../../src/workbench/services/Services.ts"
import * as Seeds from "../../../src/workbench/simulation/Seeds.ts"

const client = NodeId.make("c1")

/** The body of a reply and who sent it. */
interface Reply {
  readonly [key: string]: unknown
}

/** Sends bodies to the services, one by one, and returns what comes back. */
const cluster = () => {
  const events: Array<() => void> = []
  const replies: Array<Message> = []
  const network = Network.make(
    { nowNanos: () => 0, after: (_delay, event) => void events.push(event) },
    Seeds.random("1", "network"),
    { latency: 0, latencyDistribution: "constant" }
  )
  Services.attach(network, (name) => Seeds.random("1", name))
  network.attach(client, (message) => void replies.push(message))
  return (service: string, body: { readonly type: string; readonly [key: string]: unknown }) => {
    assert.isUndefined(network.send({ src: client, dest: NodeId.make(service), body: body as Body }))
    for (let event = events.shift(); event !== undefined; event = events.shift()) {
      event()
    }
    return replies.splice(0).map(({ body, src }): Reply => Object.assign({ src }, body))
  }
}

const keyValueServices = ["lin-kv", "seq-kv", "lww-kv"] as const

describe("Services", () => {
  it("answer a request with its id", () => {
    for (const service of keyValueServices) {
      assert.deepStrictEqual(cluster()(service, { type: "write", key: "x", value: 1, msg_id: 7 }), [
        { src: NodeId.make(service), type: "write_ok", in_reply_to: 7 }
      ])
    }
  })

  it("keep stores of their own", () => {
    const call = cluster()
    call("lin-kv", { type: "write", key: "x", value: 1, msg_id: 1 })
    assert.deepInclude(call("lin-kv", { type: "read", key: "x", msg_id: 2 })[0]!, { type: "read_ok", value: 1 })
    for (const service of ["seq-kv", "lww-kv"]) {
      assert.deepInclude(call(service, { type: "read", key: "x", msg_id: 3 })[0]!, { type: "error", code: 20 })
    }
  })

  it("give out timestamps from 0", () => {
    const call = cluster()
    assert.deepStrictEqual(
      [1, 2, 3].map((msg_id) => call("lin-tso", { type: "ts", msg_id })[0]?.["ts"]),
      [0, 1, 2]
    )
  })

  it("carry out a request without an id, and do not answer it", () => {
    const call = cluster()
    assert.deepStrictEqual(call("lin-kv", { type: "write", key: "x", value: 1 }), [])
    assert.deepStrictEqual(call("lin-kv", { type: "nonsense" }), [])
    assert.deepInclude(call("lin-kv", { type: "read", key: "x", msg_id: 1 })[0]!, { value: 1 })
  })

  it("answer what they do not know with an error, and go on", () => {
    const call = cluster()
    assert.deepStrictEqual(call("lin-tso", { type: "read", key: "x", msg_id: 1 }), [
      {
        src: NodeId.make("lin-tso"),
        type: "error",
        code: 10,
        text: "lin-tso knows no read, only ts",
        in_reply_to: 1
      }
    ])
    for (const service of keyValueServices) {
      assert.deepInclude(call(service, { type: "ts", msg_id: 2 })[0]!, {
        code: 10,
        text: `${service} knows no ts, only read, write, cas`
      })
    }
    assert.deepInclude(call("lin-tso", { type: "ts", msg_id: 3 })[0]!, { ts: 0 })
  })

  it("answer a malformed request with an error that names the key", () => {
    const [reply] = cluster()("seq-kv", { type: "cas", key: "x", from: 1, msg_id: 1 })
    assert.deepInclude(reply!, { type: "error", code: 12, in_reply_to: 1 })
    assert.match(String(reply?.["text"]), /^to: /)
  })
})
