/**
 * Checks what is added to a counter, and sums it up without rounding.
 */
import { Effect } from "effect"
import { Abort, MalformedRequest, type RpcError } from "../../protocol/RpcError.ts"

/** A grow-only counter takes no negative deltas; a PN-counter (positive–negative) takes any. */
export type Kind = "grow-only" | "positive-negative"

/**
 * Fails with `MalformedRequest` where the kind of counter does not allow `delta`, and with `Abort` where the new total
 * would leave the integers that JSON numbers hold exactly: nothing is ever rounded. Succeeds with the new total.
 */
export const add = (kind: Kind, total: number | bigint, delta: number): Effect.Effect<number, RpcError> =>
  kind === "grow-only" && delta < 0
    ? Effect.fail(new MalformedRequest({ text: `delta: a grow-only counter cannot take ${delta}` }))
    : exact(BigInt(total) + BigInt(delta))

/** The sum of totals, or `Abort` where it cannot be told exactly. */
export const sum = (totals: Iterable<number>): Effect.Effect<number, RpcError> => {
  let sum = 0n
  for (const total of totals) {
    sum += BigInt(total)
  }
  return exact(sum)
}

/** A sum as a JSON number, or `Abort` where that could not hold it exactly. */
export const exact = (sum: bigint): Effect.Effect<number, RpcError> =>
  Number.isSafeInteger(Number(sum))
    ? Effect.succeed(Number(sum))
    : Effect.fail(new Abort({ text: `${sum} is beyond the integers that can be told exactly` }))
