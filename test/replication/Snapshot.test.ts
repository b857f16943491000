import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
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

  it.effect("is followed by what was held back behind it", () =>
    Effect.gen(function* () {
      const replication = yield* start()
      const { delivered, merged, send, view } = replication
      yield* send("n0", { have: [4, 0, 0], entries: [[0, 2, [8, 9]]] })
      assert.deepStrictEqual(delivered, [])
      yield* send("n0", part(view, { of: 1 }), snapshot)
      assert.deepStrictEqual(merged, [1])
      assert.deepStrictEqual(delivered, [
        ["n0", 8],
        ["n0", 9]
      ])
      assert.deepStrictEqual(replication.version, [4, 0, 0])
    })
  )

  it.effect("asks for parts that do not come, and somebody else when none comes any more", () =>
    Effect.gen(function* () {
      const { node, send, view } = yield* start()
      yield* send("n0", part(view, { of: 3 }), snapshot)
      const wants = () => node.sent.filter(({ body }) => body.type === "missing of snapshot of numbers")
      yield* TestClock.adjust("300 millis")
      assert.deepStrictEqual(
        wants().map(({ body, dest }) => [dest, body["parts"]]),
        [["n0", [1, 2]]]
      )
      yield* TestClock.adjust("10 seconds")
      assert.lengthOf(wants(), 4)
    })
  )

  it.effect("is given part by part to who lacks what is truncated, and anew to who asks for one that is gone", () =>
    Effect.gen(function* () {
      const { append, node, retained, send, view } = yield* start()
      yield* append(7)
      yield* send("n0", { have: [0, 1, 0], stability: [1, [0, 2], [0, 1, 0], none, true] })
      assert.strictEqual(yield* retained, 0)
      const given = () => node.sent.filter(({ body }) => body.type === snapshot)
      yield* send("n2", { have: none, ask: "difference" })
      assert.lengthOf(given(), 1)
      const [{ body, dest }] = given() as [(typeof node.sent)[number]]
      assert.strictEqual(dest, "n2")
      assert.deepInclude(body, { part: 0, of: 1, have: [view, [0, 1, 0]], elements: [7] })
      yield* send("n2", { snapshot: body["snapshot"], parts: [0, 5] }, "missing of snapshot of numbers")
      assert.lengthOf(given(), 2)
      yield* TestClock.adjust("20 seconds")
      yield* send("n2", { snapshot: body["snapshot"], parts: [0] }, "missing of snapshot of numbers")
      assert.lengthOf(given(), 3)
      assert.notStrictEqual(given()[2]!.body["snapshot"], body["snapshot"])
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
