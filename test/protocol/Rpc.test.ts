import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, Effect, Schema } from "effect"
import { Init } from "../../src/protocol/Init.ts"
import { NodeId } from "../../src/protocol/NodeId.ts"
import * as Rpc from "../../src/protocol/Rpc.ts"
import { allRpcs } from "./allRpcs.ts"
import { parsable } from "./parsable.ts"

/** The same value, except that JSON knows no -0. */
const throughJsonText = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

/** What no generator finds by chance: an identity that names one of its nodes. */
const identity = Arbitrary.map(
  Arbitrary.schema(Schema.Struct({ nodes: Schema.NonEmptyArray(NodeId), pick: Schema.Natural })),
  ({ nodes, pick }) => ({ node_id: nodes[pick % nodes.length]!, node_ids: nodes })
)

const arbitraryOf = (schema: Schema.Codec<unknown, unknown>): Arbitrary.Arbitrary<unknown> =>
  schema === Init.request ? identity : parsable(Arbitrary.schema(schema))

describe("Rpc", () => {
  for (const [name, rpc] of Object.entries(allRpcs)) {
    for (const [part, schema] of [
      ["request", rpc.request],
      ["reply", rpc.reply]
    ] as const) {
      it.effect.prop(
        `${name}: a ${part} survives being encoded, written as JSON and decoded`,
        [arbitraryOf(schema)],
        ([value]) =>
          Effect.gen(function* () {
            const encoded = yield* Schema.encodeEffect(schema)(value)
            assert.deepStrictEqual(yield* Schema.decodeUnknownEffect(schema)(encoded), value)
            assert.deepStrictEqual(
              yield* Schema.decodeUnknownEffect(schema)(throughJsonText(encoded)),
              throughJsonText(value)
            )
          })
      )

      it.effect.prop(
        `${name}: a ${part} is found in a body among the protocol's own keys and unknown ones`,
        [arbitraryOf(schema), Schema.Json],
        ([value, extra]) =>
          Effect.gen(function* () {
            const encoded = yield* Schema.encodeEffect(schema)(value)
            const body = { ...(encoded as object), type: rpc.type, msg_id: 1, in_reply_to: 2, "x-unknown": extra }
            assert.deepInclude((yield* Schema.decodeUnknownEffect(schema)(body)) as object, value as object)
          })
      )
    }
  }

  it("names a reply after its request", () => {
    assert.deepStrictEqual(
      Object.values(allRpcs).map(({ type, replyType }) => [type, replyType]),
      [
        ["topology", "topology_ok"],
        ["broadcast", "broadcast_ok"],
        ["read", "read_ok"],
        ["add", "add_ok"],
        ["read", "read_ok"],
        ["echo", "echo_ok"],
        ["init", "init_ok"],
        ["send", "send_ok"],
        ["poll", "poll_ok"],
        ["commit_offsets", "commit_offsets_ok"],
        ["list_committed_offsets", "list_committed_offsets_ok"],
        ["read", "read_ok"],
        ["write", "write_ok"],
        ["cas", "cas_ok"],
        ["ts", "ts_ok"],
        ["txn", "txn_ok"],
        ["generate", "generate_ok"]
      ]
    )
  })

  it("makes a call without payload of a name alone", () => {
    const ping = Rpc.make("ping")
    assert.strictEqual(ping.replyType, "ping_ok")
    assert.deepStrictEqual(Schema.encodeSync(ping.request)({}), {})
    Schema.decodeUnknownSync(ping.request)({ type: "ping", msg_id: 1 })
    Schema.decodeUnknownSync(ping.reply)({ type: "ping_ok", in_reply_to: 1 })
  })
})
