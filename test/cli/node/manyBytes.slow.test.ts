import { assert, layer } from "@effect/vitest"
import { Array, Effect } from "effect"
import { Bundle } from "../Bundle.ts"
import { echoes, init, line, start } from "../Process.ts"

layer(Bundle.layer, { excludeTestServices: true })("a node as a process", (it) => {
  it.effect("echoes a line of 10 MB", () =>
    Effect.gen(function* () {
      const node = yield* start(["node", "1"])
      const echo = "0123456789".repeat(1_000_000)
      yield* node.write(init + line({ type: "echo", msg_id: 2, echo }))
      yield* node.message
      assert.isTrue((yield* node.message).body["echo"] === echo)
    })
  )

  it.effect("answers 30,000 requests of one write to a reader that is late and slow", () =>
    Effect.gen(function* () {
      const node = yield* start(["node", "1"])
      yield* node.write(init + echoes(2, 30_000))
      yield* node.endInput
      yield* Effect.sleep("300 millis")
      assert.strictEqual((yield* node.message).body.type, "init_ok")
      yield* Effect.sleep("300 millis")
      const ids = (yield* node.messages).map(({ body }) => Number(body.in_reply_to))
      assert.deepStrictEqual(ids, Array.range(2, 30_000))
      assert.deepStrictEqual(yield* node.ending, { code: 0, stderr: "" })
    })
  )
})
