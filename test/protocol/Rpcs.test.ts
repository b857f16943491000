import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Layer, Ref, Schema } from "effect"
import { Counter } from "../../src/protocol/Counter.ts"
import * as Rpc from "../../src/protocol/Rpc.ts"
import * as Rpcs from "../../src/protocol/Rpcs.ts"
import { RpcServer } from "../../src/protocol/RpcServer.ts"

const add = ({ delta }: { readonly delta: number }) => Effect.as(Effect.logDebug(delta), {})
const read = () => Effect.succeed({ value: 0 })

class Start extends Context.Service<Start, number>()("test/Start") {}

/** The types that were registered with a server, in order. */
const registered = (layer: Layer.Layer<never, never, RpcServer>) =>
  Effect.gen(function* () {
    const types: Array<string> = []
    const server = RpcServer.of({ handle: ({ type }) => Effect.sync(() => void types.push(type)) })
    yield* Effect.scoped(Layer.build(Layer.provide(layer, Layer.succeed(RpcServer, server))))
    return types
  })

describe("Rpcs", () => {
  it("has its calls by their types", () => {
    const Ping = Rpc.make("ping")
    const SetLabel = Rpc.make("set_label", { request: { label: Schema.String } })
    const group = Rpcs.make(Ping, SetLabel)
    assert.strictEqual(group.ping, Ping)
    assert.strictEqual(group.set_label, SetLabel)
    assert.deepStrictEqual(group.calls, [Ping, SetLabel])
  })

  it("does not compile with two calls of the same type, or with one that would hide what a group has", () => {
    const [Ping, Pong] = [Rpc.make("ping"), Rpc.make("pong")]
    const refused = () => [
      // @ts-expect-error `ping` is there twice
      Rpcs.make(Ping, Pong, Ping),
      // @ts-expect-error `ping` is there twice, though another
      Rpcs.make(Ping, Rpc.make("ping", { reply: { value: Schema.Int } })),
      // @ts-expect-error a group has an `of`
      Rpcs.make(Ping, Rpc.make("of")),
      // @ts-expect-error a group has a `toLayer`
      Rpcs.make(Rpc.make("toLayer"), Ping),
      // @ts-expect-error a group has `calls`
      Rpcs.make(Rpc.make("calls"))
    ]
    assert.isFunction(refused)
    assert.deepStrictEqual(Rpcs.make(Ping, Pong).calls, [Ping, Pong])
  })

  it.effect("registers a handler for every call", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* registered(Counter.toLayer({ add, read })), ["add", "read"])
      assert.deepStrictEqual(yield* registered(Counter.toLayer(Effect.succeed({ read, add }))), ["add", "read"])
    })
  )

  it.effect("types what an effect returns from its calls, and asks for what effect and handlers need", () =>
    Effect.gen(function* () {
      const layer: Layer.Layer<never, never, RpcServer | Start> = Counter.toLayer(
        Effect.gen(function* () {
          const sum = yield* Ref.make(yield* Start)
          yield* Effect.addFinalizer(() => Effect.void)
          return {
            add: ({ delta }) =>
              Effect.as(
                Ref.update(sum, (n) => n + delta),
                {}
              ),
            read: Effect.fnUntraced(function* (_, { src }) {
              assert.isString(src)
              return { value: (yield* Ref.get(sum)) + (yield* Start) }
            })
          }
        })
      )
      assert.deepStrictEqual(yield* registered(Layer.provide(layer, Layer.succeed(Start, 1))), ["add", "read"])
    })
  )

  it("does not compile without a handler, with one of no call, or with one that answers something else", () => {
    const refused = () => [
      // @ts-expect-error `read` is missing
      Counter.toLayer({ add }),
      // @ts-expect-error `read` is missing
      Counter.toLayer(Effect.succeed({ add })),
      // @ts-expect-error the group has no call `subtract`
      Counter.toLayer({ add, read, subtract: add }),
      Counter.toLayer(
        // @ts-expect-error the group has no call `subtract`
        Effect.gen(function* () {
          yield* Effect.void
          return { add, read, subtract: add }
        })
      ),
      // @ts-expect-error a counter reads an integer
      Counter.toLayer({ add, read: () => Effect.succeed({ value: "0" }) }),
      // @ts-expect-error a handler fails with errors of the protocol
      Counter.toLayer({ add, read: () => Effect.fail("no") }),
      // @ts-expect-error `read` is missing
      Counter.of({ add }),
      // @ts-expect-error the group has no call `subtract`
      Counter.of({ add, read, subtract: add })
    ]
    assert.isFunction(refused)
    assert.deepStrictEqual(Counter.of({ add, read }), { add, read })
  })
})
