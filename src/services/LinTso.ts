/**
 * Timestamp oracle: Maelstrom's linearizable `lin-tso`.
 *
 * From Maelstrom's `doc/services.md`; the idea is Percolator's (Peng and Dabek, OSDI 2010).
 */
import { Context, Effect, Layer } from "effect"
import { NodeId } from "../protocol/NodeId.ts"
import type { RpcError } from "../protocol/RpcError.ts"
import { Timestamp } from "../protocol/TimestampOracle.ts"
import { Node } from "./Node.ts"

/**
 * Timestamps that order events of the whole cluster. For what needs one total order and can pay a message to one
 * service, and its answer, for each event; where nodes have to go on in a partition, take a hybrid logical clock
 * instead.
 *
 * ```ts
 * const startOfTransaction = yield* (yield* LinTso).next
 * ```
 */
export class LinTso extends Context.Service<
  LinTso,
  {
    /** An integer above every timestamp that anyone got before this effect began. */
    readonly next: Effect.Effect<number, RpcError>
  }
>()("glomers/services/LinTso") {
  static readonly layer = Layer.effect(
    LinTso,
    Effect.gen(function* () {
      const node = yield* Node
      return LinTso.of({
        next: Effect.suspend(() => node.call(Timestamp, NodeId.make("lin-tso"), {})).pipe(Effect.map(({ ts }) => ts))
      })
    })
  )
}
