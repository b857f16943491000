import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { Body } from "../../../src/protocol/Message.ts"
import { NodeId } from "../../../src/protocol/NodeId.ts"
import * as Client from "../../../src/workbench/clients/Client.ts"
import type { CallError } from "../../../src/workbench/clients/Connection.ts"
import { Broadcast } from "../../../src/workbench/clients/Replies.ts"
import { parse } from "../../../src/workbench/json/ExactNumber.ts"
import * as Network from "../../../src/workbench/network/Network.ts"
import * as Seeds from "../../../src/workbench/simulation/Seeds.ts"
import { withErrors } from "../../../src/workbench/workloads/Completions.ts"

const n0 = NodeId.make("n0")

/** A client of a node that answers everything with these fields, at once. */
const clientOf = (fields: string) => {
  const timeline = { nowNanos: () => 0, after: (_delay: number, event: () => void) => event() }
  const network = Network.make(timeline, Seeds.random("0", "network"), { latency: 0, latencyDistribution: "constant" })
  network.attach(n0, ({ body, src }) => {
    network.send({ src: n0, dest: src, body: parse(`{${fields},"in_reply_to":${body.msg_id}}`) as Body })
  })
  return Client.make(network)(n0)
}

const errorOf = (fields: string) => Effect.flip(clientOf(fields).call(Broadcast.read, {}))

const completionOf = (idempotent: boolean) => (error: CallError) =>
  withErrors(new Set(idempotent ? ["read"] : []))({ f: "read", value: null }, error)

describe("Client", () => {
  it.effect("takes a null list", () =>
    Effect.gen(function* () {
      const reply = yield* clientOf('"type":"read_ok","messages":null').call(Broadcast.read, {})
      assert.deepStrictEqual(reply, { messages: null })
    })
  )

  it.effect("ends with an exception that says what is wrong with a reply", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(completionOf(true)(yield* errorOf('"type":"read_ok","value":[0]')), {
        type: "info",
        exception: true,
        error: [
          "malformed-rpc-response",
          "read_ok of n0: messages is missing, expected a list; value is unknown, got [0]"
        ]
      })
    })
  )

  // Maelstrom looks up an error's code, and prints its text, whatever they are.
  const errors: ReadonlyArray<readonly [fields: string, name: string, text: string, definite: boolean]> = [
    ['"code":11,"text":"busy"', "temporarily-unavailable", "busy", true],
    ['"code":11,"text":"busy","msg_id":"x","retry":[1]', "temporarily-unavailable", "busy", true],
    ['"code":11', "temporarily-unavailable", "", true],
    ['"code":11,"text":null', "temporarily-unavailable", "", true],
    ['"code":11,"text":{"a":9007199254740993}', "temporarily-unavailable", '{"a":9007199254740993}', true],
    ['"code":0,"text":"waited for a peer"', "timeout", "waited for a peer", false],
    ['"code":1234,"text":"own"', "unknown", "own", false],
    ['"code":13,"text":"boom"', "crash", "boom", false],
    ['"text":"boom"', "unknown", "code is missing, expected an integer: boom", false],
    ['"code":null', "unknown", "code is null, expected an integer: ", false],
    ['"code":"11","text":"busy"', "unknown", 'code is "11", expected an integer: busy', false],
    ['"code":11.0,"text":"busy"', "unknown", "code is 11.0, expected an integer: busy", false]
  ]
  for (const [fields, name, text, definite] of errors) {
    it.effect(`takes an error of any form for one: ${fields}`, () =>
      Effect.gen(function* () {
        const error = yield* errorOf(`"type":"error",${fields}`)
        assert.deepStrictEqual(completionOf(false)(error), { type: definite ? "fail" : "info", error: [name, text] })
        assert.deepStrictEqual(completionOf(true)(error), { type: "fail", error: [name, text] })
      })
    )
  }
})
