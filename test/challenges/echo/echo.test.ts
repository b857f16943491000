import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { layer } from "../../../src/challenges/echo/challenge.ts"
import { anyJson } from "../../protocol/parsable.ts"
import * as TestNode from "../../services/TestNode.ts"

describe("echo", () => {
  it.effect.prop("answers any JSON with itself", [anyJson], ([payload]) =>
    Effect.gen(function* () {
      const node = yield* TestNode.start(layer)
      const { type, echo } = yield* node.ask({ type: "echo", echo: payload })
      assert.strictEqual(type, "echo_ok")
      assert.strictEqual(JSON.stringify(echo), JSON.stringify(payload))
    }).pipe(Effect.scoped)
  )

  it.effect("keeps keys that JavaScript finds special", () =>
    Effect.gen(function* () {
      const node = yield* TestNode.start(layer)
      const payload: unknown = JSON.parse(`{"__proto__":{"__proto__":1},"constructor":2,"toString":3,"1":4}`)
      const { echo } = yield* node.ask({ type: "echo", echo: payload })
      assert.strictEqual(JSON.stringify(echo), JSON.stringify(payload))
    })
  )
})
