import { assert, describe, it } from "@effect/vitest"
import { Context, Effect } from "effect"
import { LinTso } from "../../src/services/LinTso.ts"
import * as TestNode from "./TestNode.ts"
import type { TestPeer } from "./TestTransport.ts"

const oracle = Effect.fnUntraced(function* (peer: TestPeer) {
  const { context } = yield* TestNode.services({ peers: { "lin-tso": peer } })
  return Context.get(context, LinTso)
})

describe("LinTso", () => {
  it.effect("asks the oracle for every timestamp", () =>
    Effect.gen(function* () {
      let last = 0
      const requests: Array<string> = []
      const tso = yield* oracle(({ body }) =>
        Effect.sync(() => {
          requests.push(body.type)
          return { type: "ts_ok", ts: ++last }
        })
      )
      assert.deepStrictEqual(yield* Effect.all([tso.next, tso.next, tso.next]), [1, 2, 3])
      assert.deepStrictEqual(requests, ["ts", "ts", "ts"])
    })
  )

  it.effect("fails with what the oracle answers, and with Crash for what is no timestamp", () =>
    Effect.gen(function* () {
      const unavailable = yield* oracle(() => Effect.succeed({ type: "error", code: 11, text: "later" }))
      assert.strictEqual((yield* Effect.flip(unavailable.next))._tag, "TemporarilyUnavailable")
      const confused = yield* oracle(() => Effect.succeed({ type: "ts_ok", ts: "noon" }))
      assert.strictEqual((yield* Effect.flip(confused.next))._tag, "Crash")
    })
  )
})
