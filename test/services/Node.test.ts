import { assert, describe, it } from "@effect/vitest"
import { Context, Duration, Effect, Exit, Fiber, Layer, Schema } from "effect"
import { TestClock } from "effect/testing"
import { Echo } from "../../src/protocol/Echo.ts"
import * as Kafka from "../../src/protocol/Kafka.ts"
import { NodeId } from "../../src/protocol/NodeId.ts"
import * as OneWay from "../../src/protocol/OneWay.ts"
import type { RpcError } from "../../src/protocol/RpcError.ts"
import { Node } from "../../src/services/Node.ts"
import * as Policy from "../../src/services/Policy.ts"
import * as TestNode from "./TestNode.ts"
import { settle, type TestBody, type TestPeer } from "./TestTransport.ts"

const n2 = NodeId.make("n2")

const News = OneWay.make("news", { message: Schema.Json, count: Schema.Int.check(Schema.isGreaterThanOrEqualTo(0)) })

/** Node n1 of n1, n2, n3, where n2 answers as told, or else not at all. */
const start = Effect.fnUntraced(function* (n2?: TestPeer) {
  const { context, node: network } = yield* TestNode.services({
    nodeIds: ["n1", "n2", "n3"],
    ...(n2 && { peers: { n2 } })
  })
  yield* network.take
  return { network, node: Context.get(context, Node) }
})

const answering =
  (body: TestBody): TestPeer =>
  () =>
    Effect.succeed(body)

/** The error of a call that has ended. */
const errorOf = (fiber: Fiber.Fiber<unknown, RpcError>) => Effect.flip(Fiber.join(fiber))

describe("Node", () => {
  it.effect("has the nodes in the same order as every other node, however they were named to it", () =>
    Effect.gen(function* () {
      const ids = ["n10", "n2", "n1", "n9"]
      for (const nodeIds of [ids, ids.toReversed()]) {
        const { context } = yield* TestNode.services({ id: "n2", nodeIds })
        const node = Context.get(context, Node)
        assert.deepStrictEqual<unknown>(
          [node.nodeIds, node.peers],
          [
            ["n1", "n2", "n9", "n10"],
            ["n1", "n9", "n10"]
          ]
        )
      }
    })
  )

  it.effect("knows its name, all names, and its peers", () =>
    Effect.gen(function* () {
      const { node } = yield* start()
      assert.deepStrictEqual<unknown>([node.id, node.nodeIds, node.peers], ["n1", ["n1", "n2", "n3"], ["n2", "n3"]])
    })
  )

  describe("send", () => {
    it.effect("sends a one-way message without an id", () =>
      Effect.gen(function* () {
        const { network, node } = yield* start()
        yield* node.send(News, n2, { message: [1], count: 0 })
        assert.deepStrictEqual<unknown>(yield* network.take, {
          src: "n1",
          dest: "n2",
          body: { type: "news", message: [1], count: 0 }
        })
      })
    )

    it.effect("dies of a payload that does not fit the message or the RPC", () =>
      Effect.gen(function* () {
        const { network, node } = yield* start()
        const news = { message: 1, count: -1 }
        assert.isTrue(Exit.hasDies(yield* Effect.exit(Effect.suspend(() => node.send(News, n2, news)))))
        const request = { offsets: { k: -1 } }
        assert.isTrue(Exit.hasDies(yield* Effect.exit(node.call(Kafka.Poll, n2, request))))
        assert.lengthOf(network.sent, 1)
      })
    )
  })

  describe("call", () => {
    it.effect("sends a request with an id and returns the decoded reply", () =>
      Effect.gen(function* () {
        const { network, node } = yield* start(answering({ type: "send_ok", offset: 7, extra: true }))
        assert.deepStrictEqual(yield* node.call(Kafka.Send, n2, { key: "k", msg: { a: 1 } }), { offset: 7 })
        const { body, ...envelope } = network.sent.at(-1)!
        assert.deepStrictEqual<unknown>(envelope, { src: "n1", dest: "n2" })
        assert.isTrue(Number.isInteger(body.msg_id))
        assert.deepInclude(body, { type: "send", key: "k", msg: { a: 1 } })
      })
    )

    it.effect("matches replies to calls by id, in whatever order they come", () =>
      Effect.gen(function* () {
        const { network, node } = yield* start()
        const calls = yield* Effect.forEach(["a", "b", "c"], (echo) =>
          Effect.forkChild(node.call(Echo.echo, n2, { echo }), { startImmediately: true })
        )
        const requests = yield* Effect.all([network.take, network.take, network.take])
        assert.strictEqual(new Set(requests.map(({ body }) => body.msg_id)).size, 3)
        for (const { body } of requests.toReversed()) {
          yield* network.deliver("n2", "n1", { type: "echo_ok", in_reply_to: body.msg_id, echo: [body.echo] })
        }
        assert.deepStrictEqual(yield* Fiber.joinAll(calls), [{ echo: ["a"] }, { echo: ["b"] }, { echo: ["c"] }])
      })
    )

    it.effect("fails with Timeout after four seconds without a reply", () =>
      Effect.gen(function* () {
        const { node } = yield* start()
        const call = yield* Effect.forkChild(node.call(Echo.echo, n2, { echo: 1 }), { startImmediately: true })
        yield* settle
        yield* TestClock.adjust(3999)
        yield* settle
        assert.isUndefined(call.pollUnsafe())
        yield* TestClock.adjust(1)
        const error = yield* errorOf(call)
        assert.strictEqual(error._tag, "Timeout")
        assert.include(error.text, "n2")
      })
    )

    it.effect("fails with Timeout as soon as a layer says", () =>
      Effect.gen(function* () {
        const { node } = yield* start()
        const call = yield* node
          .call(Echo.echo, n2, { echo: 1 })
          .pipe(
            Effect.provide(Layer.succeed(Policy.RpcTimeout, Duration.millis(200))),
            Effect.forkChild({ startImmediately: true })
          )
        yield* settle
        yield* TestClock.adjust(199)
        yield* settle
        assert.isUndefined(call.pollUnsafe())
        yield* TestClock.adjust(1)
        assert.strictEqual((yield* errorOf(call))._tag, "Timeout")
      })
    )

    it.effect("takes its timeout from a layer around the program", () =>
      Effect.gen(function* () {
        const challenge = Layer.effectDiscard(Node.use((node) => node.call(Echo.echo, n2, { echo: 1 })))
        const network = yield* TestNode.run(challenge, {
          settings: Layer.succeed(Policy.RpcTimeout, Duration.millis(5))
        })
        const init = yield* Effect.forkChild(network.init, { startImmediately: true })
        yield* network.take
        yield* settle
        yield* TestClock.adjust(5)
        assert.strictEqual((yield* Fiber.join(init)).type, "error")
      })
    )

    it.effect("drops a reply that comes too late", () =>
      Effect.gen(function* () {
        const { network, node } = yield* start()
        const call = yield* Effect.forkChild(node.call(Echo.echo, n2, { echo: 1 }), { startImmediately: true })
        const request = yield* network.take
        yield* settle
        yield* TestClock.adjust("4 seconds")
        assert.strictEqual((yield* errorOf(call))._tag, "Timeout")

        const next = yield* Effect.forkChild(node.call(Echo.echo, n2, { echo: 2 }), { startImmediately: true })
        yield* network.deliver("n2", "n1", { type: "echo_ok", in_reply_to: request.body.msg_id, echo: "late" })
        yield* settle
        assert.isUndefined(next.pollUnsafe())
        const { body } = yield* network.take
        yield* network.deliver("n2", "n1", { type: "echo_ok", in_reply_to: body.msg_id, echo: "in time" })
        assert.deepStrictEqual(yield* Fiber.join(next), { echo: "in time" })
      })
    )

    it.effect("takes no reply to what an earlier incarnation of the node has asked", () =>
      Effect.gen(function* () {
        const { network: before, node: crashed } = yield* start()
        yield* Effect.forkChild(crashed.call(Echo.echo, n2, { echo: 1 }), { startImmediately: true })
        const { msg_id } = (yield* before.take).body

        const { network, node } = yield* start()
        const call = yield* Effect.forkChild(node.call(Echo.echo, n2, { echo: 2 }), { startImmediately: true })
        yield* network.take
        yield* network.deliver("n2", "n1", { type: "echo_ok", in_reply_to: msg_id, echo: 1 })
        yield* settle
        assert.isUndefined(call.pollUnsafe())
      })
    )

    it.effect("takes the first of two replies and drops the other", () =>
      Effect.gen(function* () {
        const { network, node } = yield* start()
        const call = yield* Effect.forkChild(node.call(Echo.echo, n2, { echo: 1 }), { startImmediately: true })
        const { body } = yield* network.take
        for (const echo of ["first", "second"]) {
          yield* network.deliver("n2", "n1", { type: "echo_ok", in_reply_to: body.msg_id, echo })
        }
        assert.deepStrictEqual(yield* Fiber.join(call), { echo: "first" })
        assert.strictEqual((yield* network.ask({ type: "echo", echo: 1 })).code, 10, "and the node lives")
      })
    )

    it.effect("that is interrupted waits for its reply no more", () =>
      Effect.gen(function* () {
        const { network, node } = yield* start()
        const call = yield* Effect.forkChild(node.call(Echo.echo, n2, { echo: 1 }), { startImmediately: true })
        const { body } = yield* network.take
        yield* Fiber.interrupt(call)
        yield* network.deliver("n2", "n1", { type: "echo_ok", in_reply_to: body.msg_id, echo: 1 })
        assert.strictEqual((yield* network.ask({ type: "echo", echo: 1 })).code, 10, "and the node lives")
      })
    )

    for (const [what, reply, tag, text] of [
      ["a known error", { type: "error", code: 20, text: "no such key" }, "KeyDoesNotExist", /^no such key$/],
      ["an error without text", { type: "error", code: 11 }, "TemporarilyUnavailable", /^$/],
      ["an error of the peer's own", { type: "error", code: 4711, text: "mine" }, "CustomError", /^mine$/],
      ["a malformed error", { type: "error", code: "20" }, "Crash", /malformed error/],
      ["a reply that does not fit", { type: "send_ok", offset: -1 }, "Crash", /send_ok.*n2.*offset: /],
      ["a reply without its payload", { type: "send_ok" }, "Crash", /offset: /],
      ["another RPC's reply", { type: "echo_ok", offset: 1 }, "Crash", /send_ok.*n2.*echo_ok/],
      ["a reply without the _ok", { type: "send", offset: 1 }, "Crash", /send_ok/]
    ] as const) {
      it.effect(`fails with ${tag} for ${what}`, () =>
        Effect.gen(function* () {
          const { node } = yield* start(answering(reply))
          const error = yield* Effect.flip(node.call(Kafka.Send, n2, { key: "k", msg: 1 }))
          assert.strictEqual(error._tag, tag)
          assert.match(error.text, text)
        })
      )
    }

    it.effect("keeps what an error says beyond its code and text", () =>
      Effect.gen(function* () {
        const { node } = yield* start(answering({ type: "error", code: 22, text: "no", current: [1, 2] }))
        const error = yield* Effect.flip(node.call(Echo.echo, n2, { echo: 1 }))
        assert.deepStrictEqual(error.details, { current: [1, 2] })
      })
    )
  })
})
