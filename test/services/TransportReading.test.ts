import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, Effect, Schema, Stream } from "effect"
import { type PlatformError, systemError } from "effect/PlatformError"
import type { Message } from "../../src/protocol/Message.ts"
import { arbitraryMessage } from "../protocol/arbitraryMessage.ts"
import * as LogRecorder from "./LogRecorder.ts"
import { bytes, line, open, request, textInput } from "./TestStdio.ts"
import { settle } from "./TestTransport.ts"

/** Reads everything that there is. */
const receiveAll = Effect.fnUntraced(function* (stdin: Stream.Stream<Uint8Array, PlatformError>) {
  const received: Array<Message> = []
  const { transport } = yield* open({ stdin })
  yield* transport.run((message) => Effect.sync(() => void received.push(message)))
  return received
})

/** Bytes in pieces whose sizes repeat; a piece may be empty. */
const cut = (whole: Uint8Array, sizes: ReadonlyArray<number>): Array<Uint8Array> => {
  const pieces: Array<Uint8Array> = []
  for (let from = 0, i = 0; from < whole.length; i++) {
    const size = sizes[i % sizes.length]!
    pieces.push(whole.subarray(from, from + size))
    from += size
  }
  return pieces
}

/** Sizes of pieces, in bytes; at least one is above 0. */
const Sizes = Arbitrary.filter(
  Arbitrary.schema(Schema.NonEmptyArray(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 12 })))),
  (sizes) => sizes.some((size) => size > 0)
)

describe("Transport.layerStdio, reading", () => {
  it.effect.prop(
    "finds the same messages wherever the bytes are cut",
    [Arbitrary.array(arbitraryMessage), Sizes, Schema.Literals(["\n", "\r\n", "\n\n"]), Schema.Boolean],
    ([messages, sizes, ending, endsLine]) =>
      Effect.gen(function* () {
        const text = messages.map((message) => JSON.stringify(message)).join(ending) + (endsLine ? ending : "")
        const received = yield* receiveAll(Stream.fromIterable(cut(bytes(text), sizes)))
        assert.deepStrictEqual(received, messages)
      })
  )

  it.effect("puts characters together that were cut in the middle", () =>
    Effect.gen(function* () {
      const message = request(1, "ä€😀 żółć 漢字 \u2028 🏳️‍🌈")
      for (const size of [1, 2, 3, 5, 7]) {
        const received = yield* receiveAll(Stream.fromIterable(cut(bytes(line(message)), [size])))
        assert.deepStrictEqual(received, [message])
      }
    })
  )

  it.effect("takes a line of 20 MB", () =>
    Effect.gen(function* () {
      const long = request(1, "0123456789abcdef€".repeat((20 << 20) / 19))
      const text = line(long) + line(request(2))
      assert.isAbove(bytes(text).length, 20_000_000)
      const received = yield* receiveAll(Stream.fromIterable(cut(bytes(text), [1 << 16])))
      assert.deepStrictEqual(
        received.map(({ body }) => body.msg_id as number),
        [1, 2]
      )
      assert.isTrue(received[0]!.body.echo === long.body.echo)
    })
  )

  for (const [what, bad, reason] of [
    ["is not JSON", `{"src":"c1",`, /JSON/],
    ["is empty", "", undefined],
    ["is blank", "  ", undefined],
    ["is a string", `"hello"`, /object/],
    ["is a number", "1", /object/],
    ["is null", "null", /object/],
    ["is an array", "[]", /object|src/],
    ["has no src", `{"dest":"n1","body":{"type":"t"}}`, /src/],
    ["has no dest", `{"src":"c1","body":{"type":"t"}}`, /dest/],
    ["has no body", `{"src":"c1","dest":"n1"}`, /body/],
    ["has a body that is no object", `{"src":"c1","dest":"n1","body":1}`, /body/],
    ["has a body without a type", `{"src":"c1","dest":"n1","body":{"msg_id":1}}`, /body.*type/],
    ["has a msg_id that is no integer", `{"src":"c1","dest":"n1","body":{"type":"t","msg_id":"1"}}`, /body.*msg_id/]
  ] as const) {
    it.effect(`drops a line that ${what}, says so, and goes on`, () => {
      const logs = LogRecorder.make()
      return Effect.gen(function* () {
        const received = yield* receiveAll(textInput(line(request(1)), `${bad}\n`, line(request(2))))
        assert.deepStrictEqual(received, [request(1), request(2)])
        assert.lengthOf(logs.entries, 1)
        assert.strictEqual(logs.entries[0]!.level, "Warn")
        assert.include(logs.entries[0]!.text, "Dropped a line")
        if (reason !== undefined) {
          assert.match(logs.entries[0]!.text, reason)
        }
      }).pipe(Effect.provide(logs.layer))
    })
  }

  it.effect("does not fill the log with a long line that is no message", () => {
    const logs = LogRecorder.make()
    return Effect.gen(function* () {
      yield* receiveAll(textInput(`${"x".repeat(1_000_000)}\n`))
      assert.lengthOf(logs.entries, 1)
      assert.isBelow(logs.entries[0]!.text.length, 1000)
    }).pipe(Effect.provide(logs.layer))
  })

  it.effect("passes messages on one after another", () =>
    Effect.gen(function* () {
      const events: Array<string> = []
      const { transport } = yield* open({ stdin: textInput(line(request(1)) + line(request(2)), line(request(3))) })
      yield* transport.run(({ body }) =>
        Effect.gen(function* () {
          events.push(`begin ${body.msg_id}`)
          yield* settle
          events.push(`end ${body.msg_id}`)
        })
      )
      assert.deepStrictEqual(events, ["begin 1", "end 1", "begin 2", "end 2", "begin 3", "end 3"])
    })
  )

  it.effect("ends where stdin fails, and logs why", () => {
    const logs = LogRecorder.make()
    return Effect.gen(function* () {
      const error = systemError({ _tag: "Unknown", module: "Stdio", method: "stdin", description: "unplugged" })
      const received = yield* receiveAll(Stream.concat(textInput(line(request(1))), Stream.fail(error)))
      assert.deepStrictEqual(received, [request(1)])
      assert.isTrue(logs.entries.some(({ level, text }) => level === "Error" && text.includes("unplugged")))
    }).pipe(Effect.provide(logs.layer))
  })
})
