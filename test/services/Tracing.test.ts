import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Schema, Tracer } from "effect"
import { Counter } from "../../src/protocol/Counter.ts"
import { LinKv } from "../../src/services/Kv.ts"
import { NodeId } from "../../src/protocol/NodeId.ts"
import { Node } from "../../src/services/Node.ts"
import * as TestNode from "./TestNode.ts"
import * as TestStore from "./TestStore.ts"

/** Keeps the spans that are opened. */
const makeTracer = () => {
  const spans: Array<Tracer.NativeSpan> = []
  const tracer = Tracer.make({
    span: (options) => {
      const span = new Tracer.NativeSpan(options)
      spans.push(span)
      return span
    }
  })
  return { spans, layer: Layer.succeed(Tracer.Tracer, tracer) }
}

/** Reads a key for every `read`, asks another node for every `add`. */
const behaviour = Counter.toLayer(
  Effect.gen(function* () {
    const values = (yield* LinKv).collection({ key: Schema.String, value: Schema.Int })
    const node = yield* Node
    return {
      add: ({ delta }) => node.call(Counter.add, NodeId.make("n2"), { delta }),
      read: () => Effect.map(values.read("x"), (value) => ({ value }))
    }
  })
)

/** A span's name, who it is in, and how it ended. */
const describeSpan = ({ name, parent, status }: Tracer.NativeSpan) => [
  name,
  parent._tag === "Some" && parent.value._tag === "Span" ? parent.value.name : undefined,
  status._tag === "Ended" ? status.exit._tag : status._tag
]

const start = (settings: Layer.Layer<never>) => {
  const store = TestStore.make()
  return TestNode.start(behaviour, {
    nodeIds: ["n1", "n2"],
    peers: { "lin-kv": store.peer, n2: () => Effect.succeed({ type: "error", code: 30, text: "no" }) },
    settings
  })
}

describe("Tracing", () => {
  it.effect("opens a span for a request, in it one for an operation on a store, and in that one for the call", () =>
    Effect.gen(function* () {
      const { layer, spans } = makeTracer()
      const node = yield* start(layer)
      assert.strictEqual((yield* node.ask({ type: "read" })).type, "error")
      const of = (prefix: string) => spans.filter(({ name }) => name.startsWith(prefix)).map(describeSpan)
      assert.deepStrictEqual(of("handle"), [["handle read", undefined, "Failure"]])
      assert.deepStrictEqual(of("lin-kv"), [["lin-kv read", "handle read", "Failure"]])
      assert.deepStrictEqual(of("call"), [["call read", "lin-kv read", "Failure"]])
      const request = spans.find(({ name }) => name === "handle read")
      assert.deepInclude(Object.fromEntries(request!.attributes), { node: "n1", from: "c1" })
    })
  )

  it.effect("ends a call's span as the call ends", () =>
    Effect.gen(function* () {
      const { layer, spans } = makeTracer()
      const node = yield* start(layer)
      yield* node.ask({ type: "add", delta: 1 })
      assert.deepStrictEqual(spans.filter(({ name }) => /^(handle|call)/.test(name)).map(describeSpan), [
        ["handle add", undefined, "Failure"],
        ["call add", "handle add", "Failure"]
      ])
    })
  )

  it.effect("opens none where there is no tracer", () =>
    Effect.gen(function* () {
      const seen: Array<unknown> = []
      const watching = Node.serve(Counter.read, () =>
        Effect.map(Effect.option(Effect.currentSpan), (span) => {
          seen.push(span._tag)
          return { value: 0 }
        })
      )
      const without = yield* TestNode.start(watching)
      yield* without.ask({ type: "read" })
      const traced = yield* TestNode.start(watching, { settings: makeTracer().layer })
      yield* traced.ask({ type: "read" })
      assert.deepStrictEqual(seen, ["None", "Some"])
    })
  )
})
