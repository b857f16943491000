/**
 * Aborts transactions at random, to show that nothing of an aborted transaction is ever seen.
 */
import { Context, Effect, Layer, Random } from "effect"
import { type RpcError, TxnConflict } from "../../protocol/RpcError.ts"
import type { NodeLayer } from "../../services/NodeProgram.ts"

/** The share of writing transactions that are aborted after they have run: 0 unless a Layer says otherwise. */
const AbortRate = Context.Reference<number>("glomers/challenges/transactions/AbortRate", {
  defaultValue: () => 0
})

/** A node that aborts this share of the writing transactions. */
export const withAborts = (node: NodeLayer, rate: number): NodeLayer =>
  Layer.provide(node, Layer.succeed(AbortRate, rate))

/** Fails with `TxnConflict` as often as {@link AbortRate} says. */
export const mayAbort: Effect.Effect<void, RpcError> = Effect.gen(function* () {
  const rate = yield* AbortRate
  if (rate > 0 && (yield* Random.next) < rate) {
    return yield* new TxnConflict({ text: "aborted" })
  }
})
