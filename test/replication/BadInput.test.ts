import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit } from "effect"
import { TestClock } from "effect/testing"
import { countsIn, none, start } from "./OneReplica.ts"

describe("Replication, given what makes no sense", () => {
  for (const [what, src, body] of [
    ["from a node that is not of the cluster", "n7", {}],
    ["from a client", "c1", {}],
    ["from itself", "n1", {}],
    ["whose vector is too short", "n0", { have: [1, 0] }],
    ["whose vector is too long", "n0", { have: [1, 0, 0, 0] }],
    ["with items of a log that is not there", "n0", { entries: [[3, 0, [1]]] }],
    ["in a view without a log of its sender", "n0", { have: [{ logs: [[2, 1]] }, [1]] }],
    [
      "in a view that is not in order",
      "n0",
      {
        have: [
          {
            logs: [
              [0, 2],
              [0, 1]
            ]
          },
          [1, 1]
        ]
      }
    ],
    [
      "in a view with a log twice",
      "n0",
      {
        have: [
          {
            logs: [
              [0, 1],
              [0, 1]
            ]
          },
          [1, 1]
        ]
      }
    ],
    [
      "in a view with a node that is not there",
      "n0",
      {
        have: [
          {
            logs: [
              [0, 1],
              [3, 1]
            ]
          },
          [1, 0]
        ]
      }
    ],
    ["with a wrong claim of what is stable", "n0", { have: [1, 0, 0], stability: [0, [0], [1], [0], true] }],
    ["with a claim for a node that is not there", "n0", { have: [1, 0, 0], stability: [0, [3], none, none, true] }]
  ] as const) {
    it.effect(`drops and logs a message ${what}`, () =>
      Effect.gen(function* () {
        const replication = yield* start()
        const { delivered, send, sentTo, warnings } = replication
        yield* send(src, { entries: [[0, 0, [1]]], ...body, ask: "always" })
        assert.deepStrictEqual(delivered, [])
        assert.deepStrictEqual(replication.version, none)
        assert.deepStrictEqual(sentTo(src), [])
        assert.lengthOf(warnings(), 1)
        assert.include(warnings()[0]!, "another cluster")
      })
    )
  }

  for (const [what, body] of [
    ["of another log", { type: "replicate letters" }],
    ["with a negative count", { have: [-1, 0, 0] }],
    ["with a count that no node can reach", { have: [2 ** 53 - 1, 0, 0] }],
    ["with a fractional sequence number", { entries: [[0, 0.5, [1]]] }],
    ["without a vector", { have: null }],
    ["that asks in a way that there is not", { ask: "please" }]
  ] as const) {
    it.effect(`refuses and logs a message ${what}`, () =>
      Effect.gen(function* () {
        const replication = yield* start()
        const { delivered, send, warnings } = replication
        yield* send("n0", { have: [1, 0, 0], entries: [[0, 0, [1]]], ...body }, "type" in body ? body.type : undefined)
        assert.deepStrictEqual(delivered, [])
        assert.deepStrictEqual(replication.version, none)
        assert.lengthOf(warnings(), 1)
      })
    )
  }

  it.effect("asks for what is missing before a run, and takes both in order", () =>
    Effect.gen(function* () {
      const replication = yield* start()
      const { delivered, send, sentTo } = replication
      yield* send("n0", { have: [4, 0, 0], entries: [[0, 2, [2, 3]]] })
      assert.deepStrictEqual(delivered, [])
      yield* TestClock.adjust("300 millis")
      assert.deepInclude(sentTo("n0")[0], { ask: "difference" })
      assert.deepStrictEqual(countsIn(sentTo("n0")[0]), none)
      yield* send("n0", { have: [4, 0, 0], entries: [[0, 0, [0, 1, 2, 3]]] })
      assert.deepStrictEqual(
        delivered,
        [0, 1, 2, 3].map((item) => ["n0", item] as const)
      )
      assert.deepStrictEqual(replication.version, [4, 0, 0])
    })
  )

  it.effect("takes each item once from runs that overlap", () =>
    Effect.gen(function* () {
      const { delivered, send } = yield* start()
      for (const [first, items] of [
        [0, [0, 1]],
        [0, [0, 1, 2]],
        [1, [1]],
        [2, [2, 3]]
      ] as const) {
        yield* send("n0", { have: [4, 0, 0], entries: [[0, first, items]] })
      }
      assert.deepStrictEqual(
        delivered,
        [0, 1, 2, 3].map((item) => ["n0", item] as const)
      )
    })
  )

  it.effect("keeps nothing of a run that is far off", () =>
    Effect.gen(function* () {
      const { delivered, retained, send } = yield* start()
      yield* send("n0", { have: [2 ** 40, 0, 0], entries: [[0, 2 ** 40 - 2, [1, 2]]] })
      assert.strictEqual(yield* retained, 0)
      yield* send("n0", { have: [1, 0, 0], entries: [[0, 0, [5]]] })
      assert.deepStrictEqual(delivered, [["n0", 5]])
    })
  )

  it.effect("forgets what a node has claimed once the node says otherwise", () =>
    Effect.gen(function* () {
      const { send, sentTo } = yield* start()
      const asked = () => sentTo("n0").filter(({ ask }) => ask === "difference")
      yield* send("n0", { have: [0, 0, 1_000_000] })
      yield* TestClock.adjust("300 millis")
      assert.lengthOf(asked(), 1)
      yield* send("n0", { have: none })
      yield* TestClock.adjust("1 second")
      assert.lengthOf(asked(), 1)
    })
  )

  it.effect("does not believe that others have more of it than it has said", () =>
    Effect.gen(function* () {
      const replication = yield* start()
      const { append, delivered, send, sentTo, warnings, whenConfirmed } = replication
      yield* append(1)
      yield* send("n0", {
        have: [1, 5, 0],
        entries: [
          [1, 0, [7, 8, 9]],
          [0, 0, [3]]
        ],
        ask: "always"
      })
      assert.include(warnings().join(), "knows 5 items of this node, which has sent 1")
      assert.deepStrictEqual(replication.version, [0, 1, 0])
      assert.deepStrictEqual(delivered, [])
      const before = sentTo("n0").length
      yield* append(2)
      assert.deepInclude(sentTo("n0")[before], { entries: [[0, 1, [2]]] })
      const exit = yield* Effect.exit(Effect.timeout(whenConfirmed(0), 0))
      assert.isTrue(Exit.isFailure(exit))
    })
  )

  it.effect("goes on in another log where it is told of a later one of its own, and loses nothing by that", () =>
    Effect.gen(function* () {
      const { append, delivered, origin, send, sentTo, view, whenConfirmed } = yield* start()
      yield* append(1)
      const [n0, n1, n2] = view.logs
      const later = origin.incarnation + 1_000_000
      yield* send("n0", { have: [{ logs: [n0, n1, [1, later], n2] }, [0, 0, 0, 0]] })
      yield* append(2)
      const message = sentTo("n2").at(-1)!
      const [{ logs }] = message["have"] as unknown as [{ logs: ReadonlyArray<readonly [number, number]> }]
      assert.deepStrictEqual(message["entries"], [[logs.findLastIndex(([node]) => node === 1), 0, [2]]])
      assert.isAbove(logs.findLast(([node]) => node === 1)![1], later)
      assert.deepStrictEqual(delivered, [])
      // Both have arrived at n2.
      const counts = logs.map(([node, incarnation]) => (node === 1 && incarnation !== later ? 1 : 0))
      yield* send("n2", { have: [{ logs }, counts] })
      yield* whenConfirmed(1)
    })
  )

  it.effect("does not drop what others lack on a claim that all have more than there is", () =>
    Effect.gen(function* () {
      const { append, retained, send } = yield* start()
      yield* append(1)
      yield* send("n0", { stability: [3, [0, 1, 2], [9, 9, 9], [9, 9, 9], true] })
      yield* send("n0", { stability: [3, [0, 2], none, [0, 9, 0], true] })
      assert.strictEqual(yield* retained, 1)
      // As it does where the claim is true.
      yield* send("n0", { stability: [3, [0, 2], [0, 1, 0], none, true] })
      assert.strictEqual(yield* retained, 0)
    })
  )

  it.effect("answers a message in a view that it does not know by asking for the view, and no more than once", () =>
    Effect.gen(function* () {
      const { delivered, send, sentTo, view } = yield* start()
      yield* send("n0", { have: ["unknown", [1, 0, 0]], entries: [[0, 0, [1]]] })
      assert.lengthOf(sentTo("n0"), 1)
      assert.deepInclude(sentTo("n0")[0], { unread: "unknown", ask: "difference" })
      assert.isObject((sentTo("n0")[0]!["have"] as [unknown])[0])
      assert.deepStrictEqual(delivered, [])
      yield* send("n0", { have: [view, [1, 0, 0]], entries: [[0, 0, [1]]] })
      assert.deepStrictEqual(delivered, [["n0", 1]])
    })
  )

  it.effect("takes nothing from an incarnation of a node that is over", () =>
    Effect.gen(function* () {
      const replication = yield* start()
      const { delivered, send, view } = replication
      const [n0, n1, n2] = view.logs
      yield* send("n0", { have: [{ logs: [n0, [0, 2], n1, n2] }, [0, 0, 0, 0]] })
      yield* send("n0", { have: [1, 0, 0], entries: [[0, 0, [1]]] })
      assert.deepStrictEqual(delivered, [])
      // But from others who have some of it.
      yield* send("n2", { have: [1, 0, 0], entries: [[0, 0, [1]]] })
      assert.deepStrictEqual(delivered, [["n0", 1]])
    })
  )

  it.effect("leaves out and logs an item that is not what it should be, and goes on behind it", () =>
    Effect.gen(function* () {
      const replication = yield* start()
      const { delivered, send, warnings } = replication
      yield* send("n0", { have: [3, 0, 0], entries: [[0, 0, [1, "two", 3]]] })
      assert.deepStrictEqual(delivered, [
        ["n0", 1],
        ["n0", 3]
      ])
      assert.deepStrictEqual(replication.version, [3, 0, 0])
      assert.include(warnings().join(), "two")
    })
  )

  it.effect("dies at once of an item of its own that does not fit, and sends those that do", () =>
    Effect.gen(function* () {
      const { append, sentTo } = yield* start()
      const exit = yield* Effect.exit(append(0.5))
      assert.isTrue(Exit.hasDies(exit))
      assert.strictEqual(yield* append(1), 0)
      assert.deepStrictEqual(sentTo("n0").at(-1)!["entries"], [[0, 0, [1]]])
    })
  )

  it.effect("sends nothing to nodes that a topology names and that are not there, nor to itself", () =>
    Effect.gen(function* () {
      const { append, sentTo } = yield* start(() => ({
        targets: ["n9", "n1", "n2"] as never,
        relays: true,
        replaceable: false
      }))
      yield* append(1)
      assert.lengthOf(sentTo("n2"), 1)
      // Nor does it ask them for a sign, nor wait for one.
      yield* TestClock.adjust("10 seconds")
      assert.deepStrictEqual([...sentTo("n9"), ...sentTo("n1")], [])
    })
  )
})
