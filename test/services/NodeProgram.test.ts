import { assert, describe, it } from "@effect/vitest"
import { Cause, Deferred, Duration, Effect, Exit, Fiber, Layer, Option } from "effect"
import { TestClock } from "effect/testing"
import { Echo } from "../../src/protocol/Echo.ts"
import { NodeId } from "../../src/protocol/NodeId.ts"
import { Abort } from "../../src/protocol/RpcError.ts"
import { Timestamp } from "../../src/protocol/TimestampOracle.ts"
import { Node } from "../../src/services/Node.ts"
import * as Policy from "../../src/services/Policy.ts"
import { answers, isError } from "./replies.ts"
import { echo, slow } from "./testChallenges.ts"
import * as TestNode from "./TestNode.ts"
import { settle } from "./TestTransport.ts"

describe("NodeProgram", () => {
  describe("before init", () => {
    it.effect("refuses requests with TemporarilyUnavailable", () =>
      Effect.gen(function* () {
        const node = yield* TestNode.run(echo)
        isError(yield* node.ask({ type: "echo", echo: 1 }), 11, "not initialised")
        assert.strictEqual((yield* node.init).type, "init_ok")
        assert.deepInclude(yield* node.ask({ type: "echo", echo: 1 }), { type: "echo_ok", echo: 1 })
      })
    )

    it.effect("refuses an init that does not fit, names the field, and takes the next one", () =>
      Effect.gen(function* () {
        const node = yield* TestNode.run(echo)
        isError(yield* node.ask({ type: "init", node_id: "n1" }), 12, /^node_ids: /)
        isError(yield* node.ask({ type: "init", node_id: 1, node_ids: ["n1"] }), 12, /^node_id: /)
        isError(yield* node.ask({ type: "init", node_id: "n9", node_ids: ["n1"] }), 12, "node_id")
        assert.strictEqual((yield* node.init).type, "init_ok")
      })
    )

    it.effect("ends with its input", () =>
      Effect.gen(function* () {
        const node = yield* TestNode.run(echo)
        yield* node.end
        yield* Fiber.join(node.program)
        assert.deepStrictEqual(node.sent, [])
      })
    )
  })

  describe("init", () => {
    it.effect("is answered once, from the node that it names", () =>
      Effect.gen(function* () {
        const node = yield* TestNode.run(echo, { id: "n2", nodeIds: ["n1", "n2"] })
        yield* node.deliver("c3", "n2", { type: "init", msg_id: 8, node_id: "n2", node_ids: ["n1", "n2"] })
        assert.deepStrictEqual<unknown>(yield* node.take, {
          src: "n2",
          dest: "c3",
          body: { type: "init_ok", in_reply_to: 8 }
        })
      })
    )

    it.effect("is refused the second time, and the node stays who it is", () =>
      Effect.gen(function* () {
        const node = yield* TestNode.start(echo)
        isError(yield* node.ask({ type: "init", node_id: "n2", node_ids: ["n2"] }), 22, "n1")
        isError(yield* node.init, 22, "n1")
        assert.deepInclude(yield* node.ask({ type: "echo", echo: 1 }), { echo: 1 })
      })
    )

    it.effect("is refused the second time also while the first is being worked on", () =>
      Effect.gen(function* () {
        const node = yield* TestNode.run(Layer.effectDiscard(Effect.sleep("1 second")))
        const first = yield* Effect.forkChild(node.init, { startImmediately: true })
        yield* settle
        isError(yield* node.init, 22, "n1")
        yield* TestClock.adjust("1 second")
        assert.strictEqual((yield* Fiber.join(first)).type, "init_ok")
      })
    )

    it.effect("makes requests wait for the challenge, which are then answered in their order", () =>
      Effect.gen(function* () {
        const ready = yield* Deferred.make<void>()
        const node = yield* TestNode.run(Layer.merge(echo, Layer.effectDiscard(Deferred.await(ready))))
        yield* node.deliver("c1", "n1", { type: "init", msg_id: 1, node_id: "n1", node_ids: ["n1"] })
        for (const id of [2, 3, 4]) {
          yield* node.deliver("c1", "n1", { type: "echo", msg_id: id, echo: id })
        }
        yield* settle
        assert.deepStrictEqual(node.sent, [])

        yield* Deferred.succeed(ready, undefined)
        yield* node.ask({ type: "echo", echo: "last" })
        assert.deepStrictEqual<unknown>(answers(node, 1, 2, 3, 4), [
          { type: "init_ok", in_reply_to: 1 },
          { type: "echo_ok", in_reply_to: 2, echo: 2 },
          { type: "echo_ok", in_reply_to: 3, echo: 3 },
          { type: "echo_ok", in_reply_to: 4, echo: 4 }
        ])
      })
    )

    it.effect("lets the challenge call others while it is being built", () =>
      Effect.gen(function* () {
        const challenge = Layer.unwrap(
          Effect.gen(function* () {
            const node = yield* Node
            const { ts } = yield* node.call(Timestamp, NodeId.make("lin-tso"), {})
            return Node.serve(Echo.echo, ({ echo }) => Effect.succeed({ echo: [ts, echo] }))
          })
        )
        const node = yield* TestNode.start(challenge, {
          peers: { "lin-tso": () => Effect.succeed({ type: "ts_ok", ts: 42 }) }
        })
        assert.deepInclude(yield* node.ask({ type: "echo", echo: 1 }), { echo: [42, 1] })
      })
    )

    it.effect(
      "is answered with the error of a challenge that cannot be built, and the program fails with its error",
      () =>
        Effect.gen(function* () {
          const node = yield* TestNode.run(
            Layer.effectDiscard(Effect.fail(new Abort({ text: "no room for this node" })))
          )
          isError(yield* node.init, 14, "no room for this node")
          const exit = yield* Fiber.await(node.program)
          assert.strictEqual(Option.getOrThrow(Exit.findErrorOption(exit))._tag, "Abort")
        })
    )

    it.effect("is answered with Crash where building the challenge dies, and the program dies of it", () =>
      Effect.gen(function* () {
        const node = yield* TestNode.run(Layer.effectDiscard(Effect.die(new Error("a bug"))))
        isError(yield* node.init, 13, "a bug")
        const exit = yield* Fiber.await(node.program)
        assert.isTrue(Exit.hasDies(exit))
      })
    )

    it.effect("that fails leaves no request unanswered that waited for it", () =>
      Effect.gen(function* () {
        const node = yield* TestNode.run(
          Layer.merge(echo, Layer.effectDiscard(Effect.andThen(Effect.sleep(10), new Abort({ text: "in vain" }))))
        )
        yield* node.deliver("c1", "n1", { type: "init", msg_id: 1, node_id: "n1", node_ids: ["n1"] })
        yield* node.deliver("c1", "n1", { type: "echo", msg_id: 2, echo: 2 })
        yield* settle
        yield* TestClock.adjust(10)
        yield* TestClock.adjust("1 second")
        assert.isTrue(Exit.isFailure(yield* Fiber.await(node.program)))
        assert.deepStrictEqual(
          answers(node, 1, 2).map(({ type, in_reply_to }) => [type, in_reply_to as number]),
          [
            ["error", 1],
            ["error", 2]
          ]
        )
      })
    )
  })

  describe("the end", () => {
    it.effect("of input gives requests the grace to finish, and answers Crash for those that do not", () =>
      Effect.gen(function* () {
        const node = yield* TestNode.start(slow, {
          settings: Layer.succeed(Policy.ShutdownGrace, Duration.millis(50))
        })
        yield* node.deliver("c1", "n1", { type: "slow", msg_id: 1, millis: 49 })
        yield* node.deliver("c1", "n1", { type: "slow", msg_id: 2, millis: 51 })
        yield* node.end
        yield* settle
        yield* TestClock.adjust(49)
        yield* settle
        assert.deepStrictEqual<unknown>(answers(node, 1, 2), [{ type: "slow_ok", in_reply_to: 1 }])
        assert.isUndefined(node.program.pollUnsafe())

        yield* TestClock.adjust(1)
        yield* Fiber.join(node.program)
        assert.deepStrictEqual(
          answers(node, 1, 2).map(({ code, in_reply_to }) => [in_reply_to as number, code as number]),
          [
            [1, undefined],
            [2, 13]
          ]
        )
      })
    )

    it.effect("of input does not wait where nothing is left to do", () =>
      Effect.gen(function* () {
        const node = yield* TestNode.start(slow)
        yield* node.deliver("c1", "n1", { type: "slow", msg_id: 1, millis: 10 })
        yield* node.end
        yield* settle
        yield* TestClock.adjust(10)
        yield* Fiber.join(node.program)
        assert.deepStrictEqual<unknown>(answers(node, 1), [{ type: "slow_ok", in_reply_to: 1 }])
      })
    )

    it.effect("of input is 50 ms away by default for a request that never ends", () =>
      Effect.gen(function* () {
        const node = yield* TestNode.start(Node.serve(Echo.echo, () => Effect.never))
        yield* node.deliver("c1", "n1", { type: "echo", msg_id: 1, echo: 1 })
        yield* node.end
        yield* settle
        yield* TestClock.adjust(50)
        yield* Fiber.join(node.program)
        isError(answers(node, 1)[0]!, 13, "stopped")
      })
    )

    it.effect("by interruption leaves no request unanswered either", () =>
      Effect.gen(function* () {
        const node = yield* TestNode.start(slow)
        yield* node.deliver("c1", "n1", { type: "slow", msg_id: 1, millis: 10 })
        yield* node.deliver("c1", "n1", { type: "slow", msg_id: 2, millis: 10_000 })
        yield* settle
        const interruption = yield* Effect.forkChild(Fiber.interrupt(node.program), { startImmediately: true })
        yield* settle
        yield* TestClock.adjust(50)
        yield* Fiber.join(interruption)
        const exit = yield* Fiber.await(node.program)
        assert.isTrue(Exit.isFailure(exit) && Cause.hasInterruptsOnly(exit.cause))
        assert.deepStrictEqual(
          answers(node, 1, 2).map(({ code, in_reply_to }) => [in_reply_to as number, code as number]),
          [
            [1, undefined],
            [2, 13]
          ]
        )
      })
    )

    for (const [how, stop] of [
      ["of input", (node: TestNode.TestNode) => node.end],
      ["by interruption", (node: TestNode.TestNode) => Fiber.interrupt(node.program)]
    ] as const) {
      it.effect(`${how} while the challenge is being built answers init and what waits for it`, () =>
        Effect.gen(function* () {
          const node = yield* TestNode.run(Layer.merge(echo, Layer.effectDiscard(Effect.never)))
          yield* node.deliver("c1", "n1", { type: "init", msg_id: 1, node_id: "n1", node_ids: ["n1"] })
          yield* node.deliver("c1", "n1", { type: "echo", msg_id: 2, echo: 2 })
          yield* settle
          yield* Effect.forkChild(stop(node), { startImmediately: true })
          yield* settle
          yield* TestClock.adjust(50)
          yield* Fiber.await(node.program)
          assert.deepStrictEqual(
            answers(node, 1, 2).map(({ code, in_reply_to }) => [in_reply_to as number, code as number]),
            [
              [1, 13],
              [2, 13]
            ]
          )
        })
      )
    }

    it.effect("lets requests finish that waited for the challenge, if it stands within the grace", () =>
      Effect.gen(function* () {
        const node = yield* TestNode.run(Layer.merge(echo, Layer.effectDiscard(Effect.sleep(20))))
        yield* node.deliver("c1", "n1", { type: "init", msg_id: 1, node_id: "n1", node_ids: ["n1"] })
        yield* node.deliver("c1", "n1", { type: "echo", msg_id: 2, echo: 2 })
        yield* node.end
        yield* settle
        yield* TestClock.adjust(20)
        yield* Fiber.join(node.program)
        assert.deepStrictEqual<unknown>(answers(node, 1, 2), [
          { type: "init_ok", in_reply_to: 1 },
          { type: "echo_ok", in_reply_to: 2, echo: 2 }
        ])
      })
    )

    for (const [what, millis] of [
      ["are done", 10],
      ["were interrupted", 10_000]
    ] as const) {
      it.effect(`closes the challenge's scope, after its requests ${what}`, () =>
        Effect.gen(function* () {
          const events: Array<string> = []
          const challenge = Layer.merge(
            Node.serve(Echo.echo, () =>
              Effect.onExit(Effect.as(Effect.sleep(millis), { echo: null }), () =>
                Effect.sync(() => events.push("request"))
              )
            ),
            Layer.effectDiscard(Effect.addFinalizer(() => Effect.sync(() => events.push("challenge"))))
          )
          const node = yield* TestNode.start(challenge)
          yield* node.deliver("c1", "n1", { type: "echo", msg_id: 1, echo: 1 })
          yield* node.end
          yield* settle
          assert.deepStrictEqual(events, [])
          yield* TestClock.adjust(50)
          yield* Fiber.join(node.program)
          assert.deepStrictEqual(events, ["request", "challenge"])
        })
      )
    }
  })
})
