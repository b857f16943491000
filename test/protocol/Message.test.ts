import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { Body, Message } from "../../src/protocol/Message.ts"
import { arbitraryMessage } from "./arbitraryMessage.ts"

const decode = Schema.decodeUnknownSync(Message)
const refuses = (message: unknown) => assert.throws(() => decode(message))

describe("Message", () => {
  it.effect.prop("survives being encoded, written as JSON and read again", [arbitraryMessage], ([message]) =>
    Effect.gen(function* () {
      assert.deepStrictEqual(decode(message), message)
      const line = JSON.stringify(yield* Schema.encodeEffect(Message)(message))
      assert.deepStrictEqual(decode(JSON.parse(line)), message)
    })
  )

  it.effect.prop("keeps the keys of a body that it does not know", [Schema.Json], ([value]) =>
    Effect.sync(() => {
      const message = { id: 7, src: "c1", dest: "n1", body: { type: "t", msg_id: 1, in_reply_to: 2, x: value } }
      assert.deepStrictEqual<unknown>(decode(message), message)
    })
  )

  it.effect.prop("tolerates keys of the envelope that it does not know", [Schema.Json], ([value]) =>
    Effect.sync(() => {
      const { src, dest, body } = decode({ src: "c1", dest: "n1", body: { type: "t" }, x: value })
      assert.deepStrictEqual<unknown>([src, dest, body], ["c1", "n1", { type: "t" }])
    })
  )

  it("keeps a key named __proto__ in the body", () => {
    const message = decode(JSON.parse(`{"src":"c1","dest":"n1","body":{"type":"t","__proto__":{"a":1}}}`))
    assert.strictEqual(JSON.stringify(message.body), `{"type":"t","__proto__":{"a":1}}`)
  })

  it("asks for src, dest and body", () => {
    const whole = { src: "c1", dest: "n1", body: { type: "t" } }
    decode(whole)
    for (const key of ["src", "dest", "body"] as const) {
      const { [key]: _, ...rest } = whole
      refuses(rest)
      refuses({ ...rest, [key]: null })
    }
    refuses({ ...whole, src: "" })
    refuses({ ...whole, dest: 1 })
    refuses({ ...whole, body: [] })
    refuses({ ...whole, body: {} })
    refuses([whole])
    refuses("a string")
    refuses(null)
  })

  it("takes nothing but integers for ids", () => {
    const decodeBody = Schema.decodeUnknownSync(Body)
    decodeBody({ type: "t", msg_id: 0, in_reply_to: -1 })
    for (const id of [1.5, "1", null, true, Number.MAX_SAFE_INTEGER + 1]) {
      assert.throws(() => decodeBody({ type: "t", msg_id: id }), undefined, undefined, String(id))
      assert.throws(() => decodeBody({ type: "t", in_reply_to: id }), undefined, undefined, String(id))
    }
  })
})
