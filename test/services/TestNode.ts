import { type Context, Deferred, Effect, Fiber, Layer, type Scope } from "effect"
import type { Body } from "../../src/protocol/Message.ts"
import * as NodeProgram from "../../src/services/NodeProgram.ts"
import type { Services } from "../../src/services/NodeProgram.ts"
import type { StorageError } from "../../src/services/storage/StorageError.ts"
import * as TestTransport from "./TestTransport.ts"

/** A node that runs in a fiber of its own, and the network that it is on. */
export interface TestNode<E = never> extends TestTransport.TestTransport {
  readonly id: string
  readonly program: Fiber.Fiber<void, E | StorageError>
  /** What client `c1` gets for an answer from this node. */
  ask(body: TestTransport.TestBody): Effect.Effect<Body>
  /** Sends this node its `init` and waits for what it answers. */
  readonly init: Effect.Effect<Body>
}

interface Options {
  readonly id?: string
  readonly nodeIds?: ReadonlyArray<string>
  readonly peers?: { readonly [name: string]: TestTransport.TestPeer }
  /** What replaces the defaults of `Policy`, loggers and the like. */
  readonly settings?: Layer.Layer<never>
}

/** Runs a challenge's node, which still waits for its `init`. */
export const run = Effect.fnUntraced(function* <E>(
  challenge: Layer.Layer<never, E, Services>,
  { id = "n1", nodeIds = [id], peers = {}, settings = Layer.empty }: Options = {}
): Effect.fn.Return<TestNode<E>, never, Scope.Scope> {
  const transport = yield* TestTransport.make(peers)
  const program = yield* NodeProgram.run(challenge).pipe(
    Effect.provide([transport.layer, settings]),
    Effect.forkScoped({ startImmediately: true })
  )
  const ask = (body: TestTransport.TestBody) => transport.request("c1", id, body)
  return { ...transport, id, program, ask, init: ask({ type: "init", node_id: id, node_ids: nodeIds }) }
})

/** Runs a challenge's node that has been initialised. */
export const start = Effect.fnUntraced(function* <E>(
  challenge: Layer.Layer<never, E, Services>,
  options?: Options
): Effect.fn.Return<TestNode<E>, never, Scope.Scope> {
  const node = yield* run(challenge, options)
  yield* node.init
  return node
})

/** Runs a node that serves nothing, and hands out the services that a challenge would have. */
export const services = Effect.fnUntraced(function* (
  options?: Options
): Effect.fn.Return<{ readonly node: TestNode; readonly context: Context.Context<Services> }, never, Scope.Scope> {
  const handedOut = yield* Deferred.make<Context.Context<Services>>()
  const node = yield* start(
    Layer.effectDiscard(Effect.flatMap(Effect.context<Services>(), (context) => Deferred.succeed(handedOut, context))),
    options
  )
  return { node, context: yield* Deferred.await(handedOut) }
})
