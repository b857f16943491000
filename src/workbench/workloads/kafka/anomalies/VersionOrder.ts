/**
 * Version order of a log's messages, as acknowledged sends and polls give it.
 *
 * Offsets may be sparse, so that the order counts in indexes: the offsets at which some message was seen, without the
 * gaps. If several messages were seen at one offset, the first seen stands for all of them; the disagreement is an
 * anomaly of its own.
 */
import { append } from "../../../collections/MultiMap.ts"
import * as Integer from "../../../json/Integer.ts"
import type { Log, Message, Observations, Placement } from "./Observations.ts"

/**
 * - `offsets`: the offsets in ascending order; an index into it is an index of the order.
 * - `placements`: all messages seen at each index.
 * - `byIndex`: one message for each index.
 * - `indexOf`: the index of a message; the highest, if it stands at several. A message that stands nowhere is absent.
 */
export interface VersionOrder {
  readonly log: Log
  readonly offsets: ReadonlyArray<Integer.Integer>
  readonly placements: ReadonlyArray<ReadonlyArray<Placement>>
  readonly byIndex: ReadonlyArray<Message>
  readonly indexOf: ReadonlyMap<Message, number>
}

/** The version order of every log. */
export type VersionOrders = ReadonlyMap<Log, VersionOrder>

/** Derives the version order of every log from all that was seen of it. */
export const versionOrders = (observations: Observations): VersionOrders => {
  const orders = new Map<Log, VersionOrder>()
  for (const log of observations.logs.values()) {
    orders.set(log, versionOrder(log))
  }
  return orders
}

/** The first index whose offset is at least `offset`; the number of indexes, if there is none. */
export const indexFrom = (order: VersionOrder, offset: Integer.Integer): number => {
  let low = 0
  let high = order.offsets.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (order.offsets[middle]! < offset) {
      low = middle + 1
    } else {
      high = middle
    }
  }
  return low
}

const versionOrder = (log: Log): VersionOrder => {
  const byOffset = new Map<Integer.Integer, Array<Placement>>()
  for (const placement of log.placements) {
    append(byOffset, placement.offset!, placement)
  }
  const offsets = [...byOffset.keys()].toSorted(Integer.order)
  const placements = offsets.map((offset) => byOffset.get(offset)!)
  const byIndex = placements.map((candidates) => candidates[0]!.message)
  return { log, offsets, placements, byIndex, indexOf: new Map(byIndex.map((message, index) => [message, index])) }
}
