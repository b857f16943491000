import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Exit, Layer, Schema } from "effect"
import { TestClock } from "effect/testing"
import { Node } from "../../src/services/Node.ts"
import * as Flush from "../../src/replication/Flush.ts"
import * as Replication from "../../src/replication/Replication.ts"
import * as Topology from "../../src/replication/Topology.ts"
import * as LogRecorder from "../services/LogRecorder.ts"
import * as TestNode from "../services/TestNode.ts"
import { settle, type TestBody } from "../services/TestTransport.ts"

const none = [0, 0, 0]

/** The node `n1` of three, which replicates integers, and which these messages can be sent to. */
const start = Effect.fnUntraced(function* (topology: Topology.Topology = Topology.direct) {
  const logs = LogRecorder.make()
  const { context, node } = yield* TestNode.services({ id: "n1", nodeIds: ["n0", "n1", "n2"], settings: logs.layer })
  const delivered: Array<readonly [string, number]> = []
  const replication = yield* Replication.make({
    name: "numbers",
    item: Schema.Int,
    topology,
    flush: Flush.immediately,
    deliver: (item, origin) => void delivered.push([origin, item])
  }).pipe(Effect.provide([Layer.succeed(Node, Context.get(context, Node)), logs.layer]))
  const send = (src: string, body: { readonly [key: string]: unknown }, type = "replicate numbers") =>
    Effect.andThen(node.deliver(src, "n1", { have: none, entries: [], ...body, type } as TestBody), settle)
  const sentTo = (dest: string) =>
    node.sent.filter(({ body, dest: to }) => to === dest && body.type.startsWith("replicate")).map(({ body }) => body)
  const warnings = () => logs.entries.filter(({ level }) => level === "Warn").map(({ text }) => text)
  return { ...replication, delivered, send, sentTo, warnings }
})

describe("Replication, given what makes no sense", () => {
  for (const [what, src, body] of [
    ["from a node that is not of the cluster", "n7", {}],
    ["from a client", "c1", {}],
    ["from itself", "n1", {}],
    ["whose vector is too short", "n0", { have: [1, 0] }],
    ["whose vector is too long", "n0", { have: [1, 0, 0, 0] }],
    ["with items of a node that is not there", "n0", { have: none, entries: [[3, 0, [1]]] }],
    ["whose sender has dropped more than it has", "n0", { have: [1, 0, 0], gone: [2, 0, 0] }],
    ["with a wrong claim of what is stable", "n0", { have: [1, 0, 0], stability: [0, [0], [1], [0]] }],
    ["with a claim for a node that is not there", "n0", { have: [1, 0, 0], stability: [0, [3], none, none] }]
  ] as const) {
    it.effect(`drops and logs a message ${what}`, () =>
      Effect.gen(function* () {
        const { delivered, send, sentTo, version, warnings } = yield* start()
        yield* send(src, { entries: [[0, 0, [1]]], ...body, ask: "always" })
        assert.deepStrictEqual(delivered, [])
        assert.deepStrictEqual(version, none)
        assert.deepStrictEqual(sentTo(src), [])
        assert.lengthOf(warnings(), 1)
        assert.include(warnings()[0]!, "another cluster")
      })
    )
  }

  for (const [what, body] of [
    ["of another log", { type: "replicate letters" }],
    ["with a negative count", { have: [-1, 0, 0] }],
    ["with a fractional sequence number", { entries: [[0, 0.5, [1]]] }],
    ["without a vector", { have: null }],
    ["that asks in a way that there is not", { ask: "please" }]
  ] as const) {
    it.effect(`refuses and logs a message ${what}`, () =>
      Effect.gen(function* () {
        const { delivered, send, version, warnings } = yield* start()
        yield* send("n0", { have: [1, 0, 0], entries: [[0, 0, [1]]], ...body }, "type" in body ? body.type : undefined)
        assert.deepStrictEqual(delivered, [])
        assert.deepStrictEqual(version, none)
        assert.lengthOf(warnings(), 1)
      })
    )
  }

  it.effect("asks for what is missing before a run, and takes both in order", () =>
    Effect.gen(function* () {
      const { delivered, send, sentTo, version } = yield* start()
      yield* send("n0", { have: [4, 0, 0], entries: [[0, 2, [2, 3]]] })
      assert.deepStrictEqual(delivered, [])
      yield* TestClock.adjust("300 millis")
      assert.deepInclude(sentTo("n0")[0], { ask: "difference", have: none })
      yield* send("n0", { have: [4, 0, 0], entries: [[0, 0, [0, 1, 2, 3]]] })
      assert.deepStrictEqual(
        delivered,
        [0, 1, 2, 3].map((item) => ["n0", item] as const)
      )
      assert.deepStrictEqual(version, [4, 0, 0])
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
      yield* send("n0", { have: [2 ** 53 - 1, 0, 0], entries: [[0, 2 ** 53 - 3, [1, 2]]] })
      assert.strictEqual(yield* retained, 0)
      yield* send("n0", { have: [1, 0, 0], entries: [[0, 0, [5]]] })
      assert.deepStrictEqual(delivered, [["n0", 5]])
    })
  )

  it.effect("forgets what a node has claimed once the node says otherwise", () =>
    Effect.gen(function* () {
      const { send, sentTo } = yield* start()
      yield* send("n0", { have: [0, 0, 1_000_000] })
      yield* TestClock.adjust("300 millis")
      assert.lengthOf(sentTo("n0"), 1)
      yield* send("n0", { have: none })
      yield* TestClock.adjust("1 second")
      assert.lengthOf(sentTo("n0"), 1)
    })
  )

  it.effect("does not believe that others know more of it than it has said", () =>
    Effect.gen(function* () {
      const { append, send, sentTo, version, warnings, whenConfirmed } = yield* start()
      yield* append(1)
      yield* send("n2", { have: [0, 1, 0] })
      yield* send("n0", { have: [0, 5, 0], entries: [[1, 0, [7, 8, 9]]] })
      assert.include(warnings().join(), "knows 5 items of this node, which has sent 1")
      assert.deepStrictEqual(version, [0, 1, 0])
      yield* append(2)
      assert.deepInclude(sentTo("n0").at(-1), { have: [0, 2, 0], entries: [[1, 1, [2]]] })
      const exit = yield* Effect.exit(Effect.timeout(whenConfirmed(1), 0))
      assert.isTrue(Exit.isFailure(exit))
    })
  )

  it.effect("loses nothing when it takes a wrong claim for the memory of an earlier incarnation", () =>
    Effect.gen(function* () {
      const { append, delivered, send, sentTo, version } = yield* start()
      yield* append(1)
      yield* send("n0", { have: [0, 5, 0] })
      yield* append(2)
      yield* TestClock.adjust("2 seconds")
      assert.deepStrictEqual(version, [0, 2, 0])
      assert.deepStrictEqual(sentTo("n2").at(-1)!["entries"], [[1, 0, [1, 2]]])
      assert.deepStrictEqual(delivered, [])
    })
  )

  it.effect("does not drop what others lack on a claim that all have more than there is", () =>
    Effect.gen(function* () {
      const { append, retained, send } = yield* start()
      yield* append(1)
      yield* send("n0", { stability: [3, [0, 1, 2], [9, 9, 9], [9, 9, 9]] })
      yield* send("n0", { stability: [3, [0, 2], none, [0, 9, 0]] })
      assert.strictEqual(yield* retained, 1)
    })
  )

  it.effect("leaves out and logs an item that is not what it should be, and goes on behind it", () =>
    Effect.gen(function* () {
      const { delivered, send, version, warnings } = yield* start()
      yield* send("n0", { have: [3, 0, 0], entries: [[0, 0, [1, "two", 3]]] })
      assert.deepStrictEqual(delivered, [
        ["n0", 1],
        ["n0", 3]
      ])
      assert.deepStrictEqual(version, [3, 0, 0])
      assert.include(warnings().join(), "two")
    })
  )

  it.effect("dies at once of an item of its own that does not fit, and sends those that do", () =>
    Effect.gen(function* () {
      const { append, sentTo } = yield* start()
      const exit = yield* Effect.exit(append(0.5))
      assert.isTrue(Exit.hasDies(exit))
      assert.strictEqual(yield* append(1), 0)
      assert.deepStrictEqual(sentTo("n0").at(-1)!["entries"], [[1, 0, [1]]])
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
      assert.deepStrictEqual([...sentTo("n9"), ...sentTo("n1")], [])
    })
  )
})
