import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import type { Body } from "../../../src/protocol/Message.ts"
import { NodeId } from "../../../src/protocol/NodeId.ts"
import type { AnyRpc } from "../../../src/protocol/Rpc.ts"
import * as Replies from "../../../src/workbench/clients/Replies.ts"
import * as ReplyDecoder from "../../../src/workbench/clients/ReplyDecoder.ts"
import { parse } from "../../../src/workbench/json/ExactNumber.ts"

const { Broadcast, Counter, Echo, Kafka, Txn, UniqueIds } = Replies

const decode = (rpc: AnyRpc, fields: string) =>
  ReplyDecoder.decode(
    rpc,
    NodeId.make("n0"),
    parse(`{"type":"${rpc.replyType}","in_reply_to":1${fields === "" ? "" : `,${fields}`}}`) as Body
  )

const refusal = (body: string) => Result.flip(ReplyDecoder.decode(Echo.echo, NodeId.make("n0"), parse(body) as Body))

/** What one call's clients take from a node, as Maelstrom's do, and what they refuse, with the reason. */
interface Row {
  readonly rpc: AnyRpc
  readonly accepts: ReadonlyArray<string>
  readonly refuses: { readonly [fields: string]: string }
}

const anyJson = [
  "null",
  "true",
  "0",
  "-1",
  "0.5",
  "3.0",
  "18446744073709551617",
  '"x"',
  '""',
  "[]",
  "{}",
  '[{"a":null}]'
]

const integers = ["0", "-1", "9007199254740993", "-123456789012345678901234567890"]

const noIntegers = { null: "null", "3.0": "3.0", "1e3": "1000.0", "0.5": "0.5", '"3"': '"3"', "[3]": "[3]" }

/** Each value that is no integer, at some place among the fields. */
const noIntegerAt = (fields: (json: string) => string, place: string, expected = "an integer") =>
  Object.fromEntries(
    Object.entries(noIntegers).map(([json, shown]) => [fields(json), `${place} is ${shown}, expected ${expected}`])
  )

/** What a reply without fields of its own may hold: it is an acknowledgement. */
const acknowledgement = (rpc: AnyRpc): Row => ({
  rpc,
  accepts: [""],
  refuses: { '"value":1': "value is unknown, got 1", '"text":null': "text is unknown, got null" }
})

const rows: ReadonlyArray<Row> = [
  {
    rpc: Replies.Init,
    accepts: ["", '"node_id":"n0"', '"msg_id":null', '"msg_id":"x"', '"a":[1.0]'],
    refuses: {}
  },
  {
    rpc: Echo.echo,
    accepts: anyJson.map((json) => `"echo":${json}`),
    refuses: {
      "": "echo is missing, expected any JSON",
      '"echo":1,"text":"x"': 'text is unknown, got "x"',
      '"Echo":1': "echo is missing, expected any JSON; Echo is unknown, got 1"
    }
  },
  {
    rpc: UniqueIds.generate,
    accepts: anyJson.map((json) => `"id":${json}`),
    refuses: { "": "id is missing, expected any JSON", '"id":1,"node":"n0"': 'node is unknown, got "n0"' }
  },
  acknowledgement(Broadcast.topology),
  acknowledgement(Broadcast.broadcast),
  {
    rpc: Broadcast.read,
    accepts: ["null", "[]", '[1,9007199254740993,1.0,"x",null,[1]]'].map((json) => `"messages":${json}`),
    refuses: {
      "": "messages is missing, expected a list",
      '"messages":0': "messages is 0, expected a list",
      '"messages":{}': "messages is {}, expected a list",
      '"messages":"1"': 'messages is "1", expected a list',
      '"value":[0,1]': "messages is missing, expected a list; value is unknown, got [0,1]",
      '"messages":[1],"count":1': "count is unknown, got 1"
    }
  },
  acknowledgement(Counter.add),
  {
    rpc: Counter.read,
    accepts: ["0", "-1", "9007199254740993", "9223372036854775807", "-9223372036854775808"].map(
      (json) => `"value":${json}`
    ),
    refuses: {
      "": "value is missing, expected an integer of 64 bits",
      ...noIntegerAt((json) => `"value":${json}`, "value", "an integer of 64 bits"),
      '"value":9223372036854775808': "value is 9223372036854775808, expected an integer of 64 bits",
      '"value":-9223372036854775809': "value is -9223372036854775809, expected an integer of 64 bits",
      '"value":1,"messages":[]': "messages is unknown, got []"
    }
  },
  {
    rpc: Kafka.send,
    accepts: integers.map((json) => `"offset":${json}`),
    refuses: {
      "": "offset is missing, expected an integer",
      ...noIntegerAt((json) => `"offset":${json}`, "offset"),
      '"offset":1,"key":"k"': 'key is unknown, got "k"'
    }
  },
  {
    rpc: Kafka.poll,
    accepts: [
      '"msgs":{}',
      '"msgs":{"k":null,"j":[]}',
      ...integers.map((json) => `"msgs":{"k":[[${json},1]]}`),
      ...anyJson.map((json) => `"msgs":{"k":[[0,1],[1,${json}]]}`)
    ],
    refuses: {
      "": "msgs is missing, expected an object",
      '"msgs":null': "msgs is null, expected an object",
      '"msgs":[]': "msgs is [], expected an object",
      '"msgs":{"k":0}': "msgs.k is 0, expected a list",
      '"msgs":{"k":{}}': "msgs.k is {}, expected a list",
      '"msgs":{"k":[null]}': "msgs.k[0] is null, expected an offset and a message",
      '"msgs":{"k":[0]}': "msgs.k[0] is 0, expected an offset and a message",
      '"msgs":{"k":[[0,1],[1]]}': "msgs.k[1][1] is missing, expected any JSON",
      '"msgs":{"k":[[]]}': "msgs.k[0][0] is missing, expected an integer; msgs.k[0][1] is missing, expected any JSON",
      '"msgs":{"k":[[0,1,2]]}': "msgs.k[0][2] is unknown, got 2",
      ...noIntegerAt((json) => `"msgs":{"k":[[${json},1]]}`, "msgs.k[0][0]"),
      '"offsets":{}': "msgs is missing, expected an object; offsets is unknown, got {}"
    }
  },
  acknowledgement(Kafka.commitOffsets),
  {
    rpc: Kafka.listCommittedOffsets,
    accepts: ['"offsets":{}', ...integers.map((json) => `"offsets":{"k":${json}}`)],
    refuses: {
      "": "offsets is missing, expected an object",
      '"offsets":null': "offsets is null, expected an object",
      '"offsets":[]': "offsets is [], expected an object",
      ...noIntegerAt((json) => `"offsets":{"k":${json}}`, "offsets.k"),
      '"offsets":{},"keys":[]': "keys is unknown, got []"
    }
  },
  {
    rpc: Txn.txn,
    accepts: [
      '"txn":null',
      '"txn":[]',
      '"txn":[["r",1,null],["w",1,2]]',
      ...anyJson.map((json) => `"txn":[["r",${json},${json}],["w",${json},${json}]]`)
    ],
    refuses: {
      "": "txn is missing, expected a list",
      '"txn":{}': "txn is {}, expected a list",
      '"txn":[null]': "txn[0] is null, expected a micro-operation",
      '"txn":[["append",1,2]]': 'txn[0][0] is "append", expected "r" | "w"',
      '"txn":[["r",1]]': "txn[0][2] is missing, expected any JSON",
      '"txn":[["w",1,2,3]]': "txn[0][3] is unknown, got 3",
      '"txn":[],"error":null': "error is unknown, got null"
    }
  }
]

describe("Replies", () => {
  for (const { accepts, refuses, rpc } of rows) {
    it(`take from a node what Maelstrom takes: ${rpc.replyType}`, () => {
      for (const fields of accepts) {
        assert.isTrue(Result.isSuccess(decode(rpc, fields)), `${rpc.replyType} with ${fields}`)
      }
    })

    it(`refuse what Maelstrom refuses, and say which field, what was expected and what came: ${rpc.replyType}`, () => {
      for (const [fields, message] of Object.entries(refuses)) {
        assert.deepStrictEqual(Result.flip(decode(rpc, fields)), Result.succeed(`${rpc.replyType} of n0: ${message}`))
      }
    })

    // Maelstrom looks at no more than the type of an answer to `init`.
    if (rpc !== Replies.Init) {
      it(`may have a msg_id that is an integer: ${rpc.replyType}`, () => {
        const fields = accepts[0] === "" ? [] : [accepts[0]!]
        for (const json of integers) {
          assert.isTrue(Result.isSuccess(decode(rpc, [...fields, `"msg_id":${json}`].join(","))))
        }
        for (const [refused, message] of Object.entries(noIntegerAt((json) => `"msg_id":${json}`, "msg_id"))) {
          assert.deepStrictEqual(
            Result.flip(decode(rpc, [...fields, refused].join(","))),
            Result.succeed(`${rpc.replyType} of n0: ${message}`)
          )
        }
      })
    }
  }

  it("are of their request's type", () => {
    assert.deepStrictEqual(
      ['{"type":"echo","echo":1}', '{"echo":1}', '{"type":null,"echo":1}'].map(refusal),
      ['"echo"', "missing", "null"].map((came) =>
        Result.succeed(`reply of n0 to echo: type is ${came}, expected "echo_ok"`)
      )
    )
  })

  it("keep numbers as they were written", () => {
    const fields = '"msgs":{"k":[[9007199254740993,1.0]]}'
    assert.strictEqual(JSON.stringify(Result.getOrThrow(decode(Kafka.poll, fields))), `{${fields}}`)
  })

  it("are refused in one line, however much is wrong", () => {
    const records = Array.from({ length: 1000 }, (_, at) => `["${"x".repeat(200)}",${at}]`)
    const text = Result.getOrThrow(Result.flip(decode(Kafka.poll, `"msgs":{"k":[${records.join(",")}]}`)))
    assert.match(text, /^poll_ok of n0: msgs\.k\[0\]\[0\] is "x+…, expected an integer; .*; and 997 more$/)
    assert.isBelow(text.length, 500)
  })
})
