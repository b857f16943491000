import { assert, describe, it } from "@effect/vitest"
import { Cause, Context, Effect, Exit, Fiber, Layer, Schema } from "effect"
import { TestClock } from "effect/testing"
import * as OneWay from "../../src/protocol/OneWay.ts"
import * as Rpc from "../../src/protocol/Rpc.ts"
import { Node } from "../../src/services/Node.ts"
import * as LogRecorder from "./LogRecorder.ts"
import { isError } from "./replies.ts"
import { echo } from "./testChallenges.ts"
import * as TestNode from "./TestNode.ts"
import { settle } from "./TestTransport.ts"

const News = OneWay.make("news", { value: Schema.Int })

/** The layer of a node that receives news so. */
const receiving = <Env>(receiver: OneWay.Receiver<typeof News, Env>) =>
  Layer.effectDiscard(Node.use((node) => node.receive(News, receiver)))

/** A node that receives news so and echoes, and what it logs. */
const start = Effect.fnUntraced(function* (receiver: OneWay.Receiver<typeof News>) {
  const logs = LogRecorder.make()
  const node = yield* TestNode.start(Layer.merge(echo, receiving(receiver)), { settings: logs.layer })
  const logged = (level: string) =>
    logs.entries
      .filter((entry) => entry.level === level)
      .map(({ annotations, text }) => `${text} ${JSON.stringify(annotations)}`)
  return { node, logged, before: node.sent.length }
})

describe("OneWay", () => {
  it("is a name and a payload, which is empty if nothing else is said", () => {
    const ping = OneWay.make("ping")
    assert.strictEqual(ping.type, "ping")
    assert.deepStrictEqual(Schema.encodeSync(ping.payload)({}), {})
    Schema.decodeUnknownSync(ping.payload)({ type: "ping", extra: true })
  })

  it.effect("reaches its receiver with its payload and its sender, and is not answered", () =>
    Effect.gen(function* () {
      const received: Array<unknown> = []
      const { before, logged, node } = yield* start(({ value }, { src }) =>
        Effect.sync(() => void received.push([src, value]))
      )
      yield* node.deliver("n2", "n1", { type: "news", value: 7, extra: true })
      yield* settle
      assert.deepStrictEqual(received, [["n2", 7]])
      assert.lengthOf(node.sent, before)
      assert.deepStrictEqual(logged("Warn"), [])
    })
  )

  it.effect("takes a message whose sender asks for a reply, and logs that there is none", () =>
    Effect.gen(function* () {
      const received: Array<number> = []
      const { before, logged, node } = yield* start(({ value }) => Effect.sync(() => void received.push(value)))
      yield* node.deliver("n2", "n1", { type: "news", msg_id: 1, value: 7 })
      yield* settle
      assert.deepStrictEqual(received, [7])
      assert.lengthOf(node.sent, before)
      assert.lengthOf(logged("Warn"), 1)
      assert.include(logged("Warn")[0], "one-way message")
      assert.include(logged("Warn")[0], `"type":"news"`)
    })
  )

  it.effect("logs a message that does not fit, names the field, and goes on", () =>
    Effect.gen(function* () {
      const received: Array<number> = []
      const { before, logged, node } = yield* start(({ value }) => Effect.sync(() => void received.push(value)))
      yield* node.deliver("n2", "n1", { type: "news", value: "seven" })
      yield* node.deliver("n2", "n1", { type: "news", value: 8 })
      yield* settle
      assert.deepStrictEqual(received, [8])
      assert.lengthOf(node.sent, before)
      assert.lengthOf(logged("Warn"), 1)
      assert.include(logged("Warn")[0], '"from":"n2"')
      assert.include(logged("Warn")[0], "value: ")
    })
  )

  for (const [how, broken] of [
    ["dies", () => Effect.die(new Error("a bug"))],
    [
      "throws before it returns an effect",
      () => {
        throw new Error("a bug")
      }
    ]
  ] as const) {
    it.effect(`logs a receiver that ${how}, and goes on`, () =>
      Effect.gen(function* () {
        const { before, logged, node } = yield* start(broken)
        yield* node.deliver("n2", "n1", { type: "news", value: 7 })
        yield* settle
        assert.lengthOf(node.sent, before)
        assert.lengthOf(logged("Error"), 1)
        assert.include(logged("Error")[0], "died")
        assert.include(logged("Error")[0], '"type":"news"')
        assert.include(logged("Error")[0], "a bug")
        assert.deepInclude(yield* node.ask({ type: "echo", echo: 1 }), { echo: 1 })
      })
    )
  }

  it.effect("is worked on to its end when the input ends, and what takes too long is interrupted and logged", () =>
    Effect.gen(function* () {
      const done: Array<number> = []
      const { logged, node } = yield* start(({ value }) =>
        Effect.andThen(
          Effect.sleep(value),
          Effect.sync(() => void done.push(value))
        )
      )
      yield* node.deliver("n2", "n1", { type: "news", value: 10 })
      yield* node.deliver("n2", "n1", { type: "news", value: 1e9 })
      yield* settle
      yield* node.end
      yield* settle
      yield* TestClock.adjust("1 minute")
      yield* Fiber.join(node.program)
      assert.deepStrictEqual(done, [10])
      assert.lengthOf(logged("Warn"), 1)
      assert.include(logged("Warn")[0], "the node stopped while it worked on this")
    })
  )

  it.effect("gives the receiver the services of where it was registered", () =>
    Effect.gen(function* () {
      class Name extends Context.Service<Name, string>()("test/Name") {}
      const received: Array<unknown> = []
      const node = yield* TestNode.start(
        Layer.provide(
          receiving(({ value }) => Name.use((name) => Effect.sync(() => void received.push([name, value])))),
          Layer.succeed(Name, "mine")
        )
      )
      yield* node.deliver("n2", "n1", { type: "news", value: 7 })
      yield* settle
      assert.deepStrictEqual(received, [["mine", 7]])
    })
  )

  for (const [what, first] of [
    ["receiver of the same type", receiving(() => Effect.void)],
    ["RPC of the same name", Node.serve(Rpc.make("news"), () => Effect.succeed({}))]
  ] as const) {
    it.effect(`dies where there is a ${what} already, and names the type`, () =>
      Effect.gen(function* () {
        const node = yield* TestNode.run(
          Layer.provideMerge(
            receiving(() => Effect.void),
            first
          )
        )
        isError(yield* node.init, 13, "a second handler for news")
        const exit = yield* Fiber.await(node.program)
        assert.isTrue(Exit.isFailure(exit) && Cause.hasDies(exit.cause))
      })
    )
  }
})
