import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { judged, single } from "./judgedFixture.ts"

describe("ProcessTest", () => {
  it.live("is valid for a counter that creates its keys by a cas without from", () =>
    Effect.gen(function* () {
      const { valid } = yield* judged("g-counter", "cas-without-from.mjs", { nodeCount: 3, concurrency: 3 })
      assert.isTrue(valid)
    })
  )

  it.live("says which field of a reply is missing, and which is unknown", () =>
    Effect.gen(function* () {
      const { results, warnings } = yield* judged("broadcast", "odd-reads.mjs", single, "another-field")
      assert.strictEqual(results.stats.byF["read"]!.okCount, 0)
      assert.match(
        warnings.find(({ name }) => name === "malformed-reply")!.message,
        /^A reply of n0 to read is malformed: read_ok of n0: messages is missing, expected a list; value is unknown, got \[/
      )
    })
  )

  it.live("says why a client waits in vain", () =>
    Effect.gen(function* () {
      const { warnings } = yield* judged("echo", "unmatched-replies.mjs", { ...single, concurrency: 1 }, "str")
      const [first] = warnings
      assert.strictEqual(
        first!.message,
        'n0 sent c1 an echo_ok with in_reply_to "1", a string, expected "in_reply_to":1, the msg_id of its request.'
      )
      assert.deepStrictEqual(
        first!.operations.map(({ error, f, type }) => [type, f, error]),
        [
          ["invoke", "echo", undefined],
          ["info", "echo", "net-timeout"]
        ]
      )
    })
  )
})
