/**
 * Maelstrom's linearizable timestamp oracle, `lin-tso`.
 *
 * From Maelstrom's `doc/services.md`; the idea is Percolator's (Peng and Dabek, OSDI 2010).
 */
import { Context, Effect, Layer } from "effect"
import { NodeId } from "../protocol/NodeId.ts"
import type { RpcError } from "../protocol/RpcError.ts"
import { Timestamp } from "../protocol/TimestampOracle.ts"
import { Node } from "./Node.ts"

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
