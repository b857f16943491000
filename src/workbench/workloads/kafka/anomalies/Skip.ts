/**
 * Skipped messages: those between two indexes of a log, with the operation that proves that they exist.
 */
import type { ClientOperation } from "../../../history/History.ts"
import type { Message } from "./Observations.ts"
import type { VersionOrder } from "./VersionOrder.ts"

/** Messages that were passed over; `witness` sent or polled the first of them. */
export interface Skip {
  readonly messages: ReadonlyArray<Message>
  readonly witness: ClientOperation
}

/** What lies from index `from` up to, and without, index `to`; there must be something. */
export const skipped = (order: VersionOrder, from: number, to: number): Skip => ({
  messages: order.byIndex.slice(from, to),
  witness: order.placements[from]![0]!.witness
})
