/**
 * A group of remote procedure calls, all of which a node answers or none.
 *
 * After Effect's `RpcGroup`: the handlers of a group are one record, so that the compiler finds the one that is
 * missing.
 */
import { Effect, Layer, type Scope } from "effect"
import type { AnyRpc } from "./Rpc.ts"
import { type Handler, RpcServer } from "./RpcServer.ts"

/**
 * A group, with its calls by their types: `Counter.add` is the RPC `add` of the group `Counter`.
 */
export type Rpcs<R extends AnyRpc> = AnyRpcs<R> & { readonly [Rpc in R as Rpc["type"]]: Rpc } & {
  /**
   * A layer that answers all calls of the group: with these handlers, or with those that an effect makes, which may
   * keep state and fork fibers that end with the layer. The keys are the types of the calls; a handler that is missing,
   * or of a call that the group does not have, is a type error. Dies where one of the calls has a handler already.
   *
   * A handler gets the decoded request; its failure becomes an error reply, its defect a reply of code 13. Every
   * request is handled in a fiber of its own.
   *
   * ```ts
   * const layer = Counter.toLayer(
   *   Effect.gen(function* () {
   *     const sum = yield* Ref.make(0)
   *     return {
   *       add: ({ delta }) => Effect.as(Ref.update(sum, (n) => n + delta), {}),
   *       read: () => Effect.map(Ref.get(sum), (value) => ({ value }))
   *     }
   *   })
   * )
   * ```
   */
  toLayer<H extends HandlersOf<R>, E = never, Env = never>(
    build: (H | Effect.Effect<H, E, Env>) & OnlyKeys<H, R["type"]>
  ): Layer.Layer<never, E, RpcServer | Exclude<Env | HandlerServices<H>, Scope.Scope>>

  /**
   * The same handlers, with the types that the group gives them: for handlers that are written apart from `toLayer`.
   */
  of<H extends HandlersOf<R>>(handlers: H & OnlyKeys<H, R["type"]>): H
}

/** Some group, no matter which: its calls as a list. */
export interface AnyRpcs<out R extends AnyRpc = AnyRpc> {
  /** All calls, in the order in which they were given to {@link make}. */
  readonly calls: ReadonlyArray<R>
}

/** A handler for each call, by the call's type. */
export type HandlersOf<R extends AnyRpc> = { readonly [Rpc in R as Rpc["type"]]: Handler<Rpc, any> }

/** What the handlers of a record need to do their work. */
export type HandlerServices<H> = {
  [Type in keyof H]: H[Type] extends (...args: never) => Effect.Effect<unknown, unknown, infer Env> ? Env : never
}[keyof H]

/**
 * Anything, but nothing where the record has keys that it should not have: the compiler itself does not refuse those.
 */
type OnlyKeys<H, Keys> = [Exclude<keyof H, Keys>] extends [never]
  ? unknown
  : { readonly "no such call": Exclude<keyof H, Keys> }

/** A call's type cannot be one of these, which are what a group has besides its calls. */
type Reserved = "calls" | "toLayer" | "of"

/** The calls where their types differ and none is reserved; else what is wrong, which no call has. */
type Checked<R extends ReadonlyArray<AnyRpc>, Seen = Reserved> = R extends readonly [
  infer First extends AnyRpc,
  ...infer Rest extends ReadonlyArray<AnyRpc>
]
  ? readonly [
      First["type"] extends Seen ? { readonly "reserved, or there twice": First["type"] } : First,
      ...Checked<Rest, Seen | First["type"]>
    ]
  : readonly []

/** Makes a group of calls. Two of the same type, or one that is called `calls`, `toLayer` or `of`, are type errors. */
export const make = <const R extends ReadonlyArray<AnyRpc>>(...rpcs: R & Checked<R>): Rpcs<R[number]> => {
  type Build = AnyHandlers | Effect.Effect<AnyHandlers>
  const byType = Object.fromEntries(rpcs.map((rpc) => [rpc.type, rpc]))
  const group = {
    ...byType,
    calls: rpcs,
    toLayer: (build: Build) =>
      Layer.effectDiscard(
        Effect.gen(function* () {
          const server = yield* RpcServer
          const handlers = Effect.isEffect(build) ? yield* build : build
          for (const rpc of rpcs) {
            yield* server.handle(rpc, handlers[rpc.type]!)
          }
        })
      ),
    of: (handlers: AnyHandlers) => handlers
  }
  return group as unknown as Rpcs<R[number]>
}

type AnyHandlers = { readonly [type: string]: Handler<AnyRpc> }
