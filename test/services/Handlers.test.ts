import { assert, describe, it } from "@effect/vitest"
import { Cause, Effect, Exit, Fiber, Layer } from "effect"
import { TestClock } from "effect/testing"
import { Counter } from "../../src/protocol/Counter.ts"
import { Echo } from "../../src/protocol/Echo.ts"
import * as Kafka from "../../src/protocol/Kafka.ts"
import type { Body } from "../../src/protocol/Message.ts"
import * as Rpc from "../../src/protocol/Rpc.ts"
import type { RpcServer } from "../../src/protocol/RpcServer.ts"
import { Abort, CustomError, TxnConflict } from "../../src/protocol/RpcError.ts"
import { Node } from "../../src/services/Node.ts"
import * as LogRecorder from "./LogRecorder.ts"
import { answers, isError } from "./replies.ts"
import { echo, slow } from "./testChallenges.ts"
import * as TestNode from "./TestNode.ts"
import { settle } from "./TestTransport.ts"

describe("Handlers", () => {
  it.effect("refuses a type that nobody handles with NotSupported", () =>
    Effect.gen(function* () {
      const node = yield* TestNode.start(echo)
      isError(yield* node.ask({ type: "frobnicate" }), 10, "frobnicate")
      isError(yield* node.ask({ type: "toString" }), 10, "toString")
    })
  )

  it.effect("refuses a body that does not fit with MalformedRequest and names the field", () =>
    Effect.gen(function* () {
      const node = yield* TestNode.start(
        Layer.merge(
          echo,
          Node.serve(Kafka.Poll, () => Effect.succeed({ msgs: {} }))
        )
      )
      isError(yield* node.ask({ type: "echo" }), 12, /^echo: /)
      isError(yield* node.ask({ type: "poll", offsets: { a: 0, b: -1 } }), 12, /^offsets\.b: /)
    })
  )

  it.effect("addresses a reply to whoever asked", () =>
    Effect.gen(function* () {
      const node = yield* TestNode.start(echo, { id: "n3" })
      yield* node.take
      yield* node.deliver("c17", "n3", { type: "echo", msg_id: 5, echo: "hi" })
      assert.deepStrictEqual<unknown>(yield* node.take, {
        src: "n3",
        dest: "c17",
        body: { type: "echo_ok", in_reply_to: 5, echo: "hi" }
      })
    })
  )

  it.effect("hands the handler the request's message", () =>
    Effect.gen(function* () {
      const node = yield* TestNode.start(
        Node.serve(Echo.echo, (_, { src, body }) => Effect.succeed({ echo: [src, body] }))
      )
      const { echo: seen } = yield* node.ask({ type: "echo", echo: 1, extra: true })
      const [src, body] = seen as [string, Body]
      assert.strictEqual(src, "c1")
      assert.deepInclude(body, { type: "echo", echo: 1, extra: true })
    })
  )

  it.effect("answers with the error that the handler fails with", () =>
    Effect.gen(function* () {
      const node = yield* TestNode.start(
        Node.serve(Echo.echo, ({ echo }) =>
          Effect.fail(
            echo === "custom"
              ? new CustomError({ code: 1234, text: "mine", details: { at: ["n1"] } })
              : new TxnConflict({ text: "try again" })
          )
        )
      )
      isError(yield* node.ask({ type: "echo", echo: 1 }), 30, "try again")
      assert.deepInclude(yield* node.ask({ type: "echo", echo: "custom" }), {
        type: "error",
        code: 1234,
        text: "mine",
        at: ["n1"]
      })
    })
  )

  for (const [how, broken] of [
    ["dies", () => Effect.die(new Error("a bug"))],
    [
      "throws before it returns an effect",
      () => {
        throw new Error("a bug")
      }
    ],
    [
      "throws while it runs",
      () =>
        Effect.sync(() => {
          throw new Error("a bug")
        })
    ]
  ] as const) {
    it.effect(`answers with Crash for a handler that ${how}, and goes on`, () =>
      Effect.gen(function* () {
        const logs = LogRecorder.make()
        const node = yield* TestNode.start(
          Layer.mergeAll(
            echo,
            slow,
            Node.serve(Rpc.make("broken"), () => broken())
          ),
          { settings: logs.layer }
        )
        const pending = yield* Effect.forkChild(node.ask({ type: "slow", millis: 100 }), { startImmediately: true })
        isError(yield* node.ask({ type: "broken" }), 13, "a bug")
        assert.deepInclude(yield* node.ask({ type: "echo", echo: 1 }), { echo: 1 })
        yield* settle
        yield* TestClock.adjust(100)
        assert.strictEqual((yield* Fiber.join(pending)).type, "slow_ok")
        const entry = logs.entries.find(({ level, text }) => level === "Error" && text.includes("a bug"))
        assert.deepStrictEqual(entry?.annotations, { node: "n1", component: "Handlers", from: "c1", type: "broken" })
      })
    )
  }

  it.effect("answers with Crash where the handler's reply does not fit its own schema", () =>
    Effect.gen(function* () {
      const node = yield* TestNode.start(
        Layer.merge(
          echo,
          Node.serve(Kafka.Send, () => Effect.succeed({ offset: -1 }))
        )
      )
      isError(yield* node.ask({ type: "send", key: "k", msg: 1 }), 13, "offset|>= 0|greater")
      assert.deepInclude(yield* node.ask({ type: "echo", echo: 1 }), { echo: 1 })
    })
  )

  it.effect("does not let a slow handler hold up others", () =>
    Effect.gen(function* () {
      const node = yield* TestNode.start(Layer.merge(echo, slow))
      yield* node.deliver("c1", "n1", { type: "slow", msg_id: 1, millis: 1000 })
      yield* node.deliver("c1", "n1", { type: "slow", msg_id: 2, millis: 500 })
      assert.deepInclude(yield* node.ask({ type: "echo", echo: 1 }), { echo: 1 })
      assert.deepStrictEqual(answers(node, 1, 2), [])
      yield* settle
      yield* TestClock.adjust("1 second")
      yield* settle
      assert.deepStrictEqual(
        answers(node, 1, 2).map((body) => body.in_reply_to as number),
        [2, 1]
      )
    })
  )

  it.effect("does not reply to a request without an id, whatever becomes of it", () =>
    Effect.gen(function* () {
      const handled: Array<unknown> = []
      const node = yield* TestNode.start(
        Layer.mergeAll(
          Node.serve(Echo.echo, ({ echo }) => Effect.sync(() => ({ echo: handled.push(echo) }))),
          Node.serve(Rpc.make("failing"), () => Effect.fail(new Abort({ text: "no" }))),
          Node.serve(Rpc.make("broken"), () => Effect.die("a bug"))
        )
      )
      const before = node.sent.length
      for (const body of [
        { type: "echo", echo: "one-way" },
        { type: "echo" },
        { type: "failing" },
        { type: "broken" },
        { type: "unknown" },
        { type: "init", node_id: "n1", node_ids: ["n1"] }
      ]) {
        yield* node.deliver("c1", "n1", body)
      }
      yield* node.ask({ type: "echo", echo: "last" })
      yield* settle
      assert.deepStrictEqual(handled, ["one-way", "last"])
      assert.lengthOf(node.sent, before + 1)
    })
  )

  it.effect("drops a message for someone else and logs it", () =>
    Effect.gen(function* () {
      const logs = LogRecorder.make()
      const node = yield* TestNode.start(echo, { nodeIds: ["n1", "n2"], settings: logs.layer })
      yield* node.deliver("c1", "n2", { type: "echo", msg_id: 1, echo: 1 })
      yield* node.ask({ type: "echo", echo: 2 })
      yield* settle
      assert.deepStrictEqual(answers(node, 1), [])
      const entry = logs.entries.find(({ level, text }) => level === "Warn" && text.includes("n2"))
      assert.deepStrictEqual(entry?.annotations, { node: "n1", component: "NodeProgram" })
    })
  )

  it.effect("drops a reply that nobody waits for and logs whose it was", () =>
    Effect.gen(function* () {
      const logs = LogRecorder.make()
      const node = yield* TestNode.start(echo, { settings: logs.layer })
      const before = node.sent.length
      yield* node.deliver("n2", "n1", { type: "echo_ok", in_reply_to: 77, echo: 1 })
      yield* node.deliver("n2", "n1", { type: "error", in_reply_to: 78, code: 13 })
      yield* node.deliver("n2", "n1", { type: "echo", msg_id: 1, in_reply_to: 79, echo: 1 })
      yield* node.ask({ type: "echo", echo: 2 })
      yield* settle
      assert.lengthOf(node.sent, before + 1)
      const entries = logs.entries.filter(({ text }) => text.includes("nobody waits for"))
      const annotations = { node: "n1", component: "PendingCalls", from: "n2" }
      assert.deepStrictEqual(
        entries.map((entry) => entry.annotations),
        [annotations, annotations, annotations]
      )
    })
  )

  const seconds: Readonly<Record<string, Layer.Layer<never, never, RpcServer | Node>>> = {
    "a group": Counter.toLayer({ add: () => Effect.succeed({}), read: () => Effect.succeed({ value: 2 }) }),
    "a single call": Node.serve(Counter.read, () => Effect.succeed({ value: 2 })),
    "a call among nodes": Layer.effectDiscard(Node.use((node) => node.handle(Counter.read, () => Effect.never)))
  }
  for (const [how, second] of Object.entries(seconds)) {
    it.effect(`dies of a second handler for a call, by ${how}, and names the call`, () =>
      Effect.gen(function* () {
        const first = Node.serve(Counter.read, () => Effect.succeed({ value: 1 }))
        const node = yield* TestNode.run(Layer.provideMerge(second, first))
        isError(yield* node.init, 13, "a second handler for read")
        const exit = yield* Fiber.await(node.program)
        assert.isTrue(Exit.isFailure(exit) && Cause.hasDies(exit.cause))
      })
    )
  }
})
