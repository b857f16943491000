import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, Effect, Schema } from "effect"
import { CustomError, ErrorBody, fromBody, RpcError, toBody } from "../../src/protocol/RpcError.ts"
import { parsable } from "./parsable.ts"

/** The table of Maelstrom's `doc/protocol.md`, "Errors": code, name, and whether it is definite. */
const table = [
  [0, "Timeout", false],
  [1, "NodeNotFound", true],
  [10, "NotSupported", true],
  [11, "TemporarilyUnavailable", true],
  [12, "MalformedRequest", true],
  [13, "Crash", false],
  [14, "Abort", true],
  [20, "KeyDoesNotExist", true],
  [21, "KeyAlreadyExists", true],
  [22, "PreconditionFailed", true],
  [30, "TxnConflict", true]
] as const satisfies ReadonlyArray<readonly [number, string, boolean]>

const standardCodes = new Set<number>(table.map(([code]) => code))

/** Keys that an error body uses itself. */
const reserved = new Set(["type", "code", "text", "msg_id", "in_reply_to"])

const Details = Arbitrary.filter(
  Arbitrary.schema(Schema.Record(Schema.String, Schema.Json)),
  (details) => !Object.keys(details).some((key) => reserved.has(key))
)

/** Those of the table, some that it does not have, and those that are free for everyone. */
const Code = Schema.Union([
  Schema.Literals(table.map(([code]) => code)),
  Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 40 })),
  Schema.Int.check(Schema.isGreaterThan(999))
])

describe("RpcError", () => {
  it("has the codes, names and definiteness of Maelstrom's table", () => {
    assert.deepStrictEqual<ReadonlyArray<readonly [number, string, boolean]>>(
      table.map(([code]) => {
        const error = fromBody({ type: "error", code })
        return [error.code, error._tag, error.definite] as const
      }),
      table
    )
  })

  it.effect.prop("takes every other code to be indefinite and keeps it", [Schema.Int], ([code]) =>
    Effect.sync(() => {
      if (standardCodes.has(code)) {
        return
      }
      const error = fromBody({ type: "error", code, text: "?" })
      assert.instanceOf(error, CustomError)
      assert.strictEqual(error.code, code)
      assert.isFalse(error.definite)
    })
  )

  it.effect.prop(
    "comes out of a body as it went in, with its code, text and details",
    [Code, Schema.String, Details],
    ([code, text, details]) =>
      Effect.gen(function* () {
        const body = yield* Schema.decodeUnknownEffect(ErrorBody)({ ...details, type: "error", code, text })
        const error = fromBody(body)
        assert.strictEqual(error.code, code)
        assert.strictEqual(error.text, text)
        assert.deepStrictEqual(error.details, details)
        assert.deepStrictEqual<unknown>(toBody(error), { ...details, type: "error", code, text })

        const again = fromBody(toBody(error))
        assert.deepStrictEqual([again._tag, again.code, again.text, again.details], [error._tag, code, text, details])
      })
  )

  it.effect.prop(
    "survives being encoded, written as JSON and decoded as a schema",
    [parsable(Arbitrary.schema(RpcError))],
    ([error]) =>
      Effect.gen(function* () {
        const encoded = yield* Schema.encodeEffect(RpcError)(error)
        const text = JSON.stringify(encoded)
        const decoded = yield* Schema.decodeUnknownEffect(RpcError)(JSON.parse(text))
        assert.strictEqual(decoded._tag, error._tag)
        assert.strictEqual(JSON.stringify(yield* Schema.encodeEffect(RpcError)(decoded)), text)
      })
  )

  it("needs no text, and tells nobody which request it answered", () => {
    const error = fromBody(Schema.decodeUnknownSync(ErrorBody)({ type: "error", code: 20, msg_id: 3, in_reply_to: 4 }))
    assert.strictEqual(error.text, "")
    assert.deepStrictEqual(error.details, {})
  })

  it("shows its text as its message", () => {
    assert.strictEqual(fromBody({ type: "error", code: 22, text: "expected 4, had 3" }).message, "expected 4, had 3")
    assert.strictEqual(fromBody({ type: "error", code: 1234, text: "mine" }).message, "mine")
  })

  it("is not made of what is no error body", () => {
    for (const body of [{ type: "echo_ok", code: 1 }, { type: "error" }, { type: "error", code: "1" }, null]) {
      assert.isFalse(Schema.is(ErrorBody)(body), JSON.stringify(body))
    }
  })
})
