import { assert, describe, it } from "@effect/vitest"
import type { Random } from "effect"
import type { Body, Message } from "../../../src/protocol/Message.ts"
import { NodeId } from "../../../src/protocol/NodeId.ts"
import * as Network from "../../../src/workbench/network/Network.ts"
import { parse } from "../../../src/workbench/json/ExactNumber.ts"
import * as Services from "../../../src/workbench/services/Services.ts"
import * as Seeds from "../../../src/workbench/simulation/Seeds.ts"

const client = NodeId.make("c1")

/** The body of a reply and who sent it. */
interface Reply {
  readonly [key: string]: unknown
}

/** Chooses the first replica of `lww-kv`, and the oldest state of `seq-kv`, always. */
const first: Random.Random = { nextDoubleUnsafe: () => 0, nextIntUnsafe: () => 0 }

/** Sends bodies to the services, one by one, and returns what comes back. */
const cluster = (random: (name: string) => Random.Random = (name) => Seeds.random("1", name)) => {
  const events: Array<() => void> = []
  const replies: Array<Message> = []
  const network = Network.make(
    { nowNanos: () => 0, after: (_delay, event) => void events.push(event) },
    Seeds.random("1", "network"),
    { latency: 0, latencyDistribution: "constant" }
  )
  Services.attach(network, random)
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

  it("answer with the id of the request, whatever it is, and with null where it has none", () => {
    const call = cluster()
    assert.deepStrictEqual(call("lin-kv", { type: "write", key: "x", value: 1 }), [
      { src: NodeId.make("lin-kv"), type: "write_ok", in_reply_to: null }
    ])
    assert.deepInclude(call("lin-kv", { type: "read", key: "x", msg_id: "a1" })[0]!, { value: 1, in_reply_to: "a1" })
    assert.deepInclude(call("lin-kv", { type: "nonsense", msg_id: null })[0]!, { code: 10, in_reply_to: null })
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

  // What is stored, what is asked, and what is answered: of a value that is stored, or of an error its code and text.
  const absent = undefined
  const requests: ReadonlyArray<readonly [stored: unknown, cas: object, answer: unknown, ofLwwKv?: unknown]> = [
    [absent, {}, [20, "key does not exist"]],
    [absent, { from: null, to: 2 }, [20, "key does not exist"]],
    [absent, { from: 1, to: 2 }, [20, "key does not exist"]],
    [absent, { to: 2, create_if_not_exists: false }, [20, "key does not exist"]],
    [absent, { to: 2, create_if_not_exists: null }, [20, "key does not exist"]],
    [absent, { create_if_not_exists: true }, { value: null }, [20, "key does not exist"]],
    [absent, { from: 1, create_if_not_exists: true }, { value: null }, [20, "key does not exist"]],
    [absent, { to: 2, create_if_not_exists: true }, { value: 2 }, [20, "key does not exist"]],
    [absent, { from: 1, to: 2, create_if_not_exists: true }, { value: 2 }, [20, "key does not exist"]],
    [absent, { to: 2, create_if_not_exists: 0 }, { value: 2 }, [20, "key does not exist"]],
    [absent, { to: 2, create_if_not_exists: "" }, { value: 2 }, [20, "key does not exist"]],
    [null, {}, { value: null }],
    [null, { to: 2 }, { value: 2 }],
    [null, { from: null, to: 2 }, { value: 2 }],
    [null, { to: 2, create_if_not_exists: true }, { value: 2 }],
    [null, { from: 1, to: 2 }, [22, "current value nil is not 1"]],
    [null, { from: 1, create_if_not_exists: true }, [22, "current value nil is not 1"]],
    [1, {}, [22, "current value 1 is not nil"], [22, "current value 1 is not "]],
    [1, { to: 2, create_if_not_exists: true }, [22, "current value 1 is not nil"], [22, "current value 1 is not "]],
    [1, { from: null, to: 2 }, [22, "current value 1 is not nil"], [22, "current value 1 is not "]],
    [1, { from: 1 }, { value: null }],
    [1, { from: 1, create_if_not_exists: true }, { value: null }],
    [1, { from: 1, to: 2 }, { value: 2 }],
    [1, { from: 1, to: 2, create_if_not_exists: "no", ttl: 5 }, { value: 2 }]
  ]
  for (const service of keyValueServices) {
    for (const key of [{ key: "x" }, { key: null }, {}]) {
      it(`${service}: cas of ${JSON.stringify(key)}, where what is absent is null`, () => {
        for (const [stored, cas, ofOthers, ofLwwKv] of requests) {
          const call = cluster(() => first)
          const ask = (body: object) => call(service, { type: "", ...key, ...body, msg_id: 1 })[0]!
          if (stored !== absent) {
            ask({ type: "write", value: stored })
          }
          const answer = ask({ type: "cas", ...cas })
          const expected = service === "lww-kv" ? (ofLwwKv ?? ofOthers) : ofOthers
          const outcome = answer["type"] === "cas_ok" ? { value: ask({ type: "read" })["value"] } : errorOf(answer)
          assert.deepStrictEqual(outcome, expected, `cas ${JSON.stringify(cas)} of ${JSON.stringify(stored)}`)
        }
      })

      it(`${service}: write and read of ${JSON.stringify(key)}, where what is absent is null`, () => {
        const call = cluster(() => first)
        const ask = (body: object) => call(service, { type: "", ...body, msg_id: 1 })[0]!
        assert.deepStrictEqual(errorOf(ask({ type: "read", ...key })), [20, "key does not exist"])
        assert.strictEqual(ask({ type: "write", ...key })["type"], "write_ok")
        assert.deepInclude(ask({ type: "read", ...key }), { type: "read_ok", value: null })
        assert.deepInclude(ask({ type: "read", key: null, ...key }), { type: "read_ok", value: null })
        assert.deepStrictEqual(errorOf(ask({ type: "read", key: "another" })), [20, "key does not exist"])
      })
    }

    it(`${service} keeps numbers as they were written, in values, in keys and in errors`, () => {
      const call = cluster(() => first)
      const ask = (body: string) => call(service, parse(`{"msg_id":1,${body}}`) as { type: string })[0]!
      const [large, next] = ["9007199254740993", "9007199254740992"]
      ask(`"type":"write","key":${large},"value":[${large},-18446744073709551617,3.0]`)
      assert.strictEqual(
        JSON.stringify(ask(`"type":"read","key":${large}`)["value"]),
        `[${large},-18446744073709551617,3.0]`
      )
      assert.deepStrictEqual(errorOf(ask(`"type":"read","key":${next}`)), [20, "key does not exist"])
      assert.deepStrictEqual(errorOf(ask(`"type":"cas","key":${large},"from":{"a":${next}},"to":0`)), [
        22,
        `current value [${large} -18446744073709551617 3.0] is not {"a" ${next}}`
      ])
      ask(`"type":"write","key":"x","value":3`)
      assert.deepStrictEqual(errorOf(ask(`"type":"cas","key":"x","from":3.0,"to":0`)), [
        22,
        "current value 3 is not 3.0"
      ])
    })
  }
})

const errorOf = ({ code, text }: Reply) => [code, text]
