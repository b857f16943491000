import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { none, start } from "./OneReplica.ts"

/** A part of a snapshot in which n0 has two items of its own. */
const part = (view: unknown, more: { readonly [key: string]: unknown } = {}) => ({
  snapshot: "s",
  part: 0,
  of: 2,
  have: [view, [2, 0, 0]],
  elements: [1],
  ...more
})
const snapshot = "snapshot of numbers"

describe("a snapshot", () => {
  it.effect("merges a snapshot once it has all parts of it, in their order, and goes on behind it", () =>
    Effect.gen(function* () {
      const replication = yield* start()
      const { delivered, merged, send, view } = replication
      yield* send("n0", part(view, { part: 1, elements: [2] }), snapshot)
      assert.deepStrictEqual(merged, [])
      yield* send("n0", part(view), snapshot)
      yield* send("n0", part(view), snapshot)
      assert.deepStrictEqual(merged, [1, 2])
      assert.deepStrictEqual(replication.version, [2, 0, 0])
      yield* send("n0", { have: [3, 0, 0], entries: [[0, 0, [7, 8, 9]]] })
      assert.deepStrictEqual(delivered, [["n0", 9]])
    })
  )

  for (const [what, more] of [
    ["with an element that is none", { elements: ["two"] }],
    ["that is behind the last", { part: 2 }],
    ["of a snapshot of more parts", { part: 1, of: 3 }],
    ["with another vector", { part: 1, have: [{ logs: [[0, 1]] }, [9]] }],
    ["with a vector that is too short", { part: 1, snapshot: "t", have: [{ logs: [[0, 1]] }, []] }],
    ["of more parts than there can be", { of: 2 ** 40 }]
  ] as const) {
    it.effect(`drops and logs a part of a snapshot ${what}`, () =>
      Effect.gen(function* () {
        const replication = yield* start()
        const { merged, send, view, warnings } = replication
        yield* send("n0", part(view), snapshot)
        yield* send("n0", part(view, more), snapshot)
        assert.deepStrictEqual(merged, [])
        assert.lengthOf(warnings(), 1)
        yield* send("n0", part(view, { part: 1, elements: [2] }), snapshot)
        assert.deepStrictEqual(merged, [1, 2])
      })
    )
  }

  it.effect("takes no snapshot that counts more of its own items than there are", () =>
    Effect.gen(function* () {
      const replication = yield* start()
      const { merged, send, view } = replication
      yield* send("n0", part(view, { of: 1, have: [view, [2, 1, 0]] }), snapshot)
      assert.deepStrictEqual(merged, [])
      assert.deepStrictEqual(replication.version, none)
    })
  )
})
