/**
 * Offset conflicts: disagreements about which message stands at which offset.
 */
import * as Integer from "../../../json/Integer.ts"
import type { AnomalyCase } from "./AnomalyCase.ts"
import { keyPhrase, valuePhrase, valuesPhrase } from "./Phrases.ts"
import type { Message, Placement } from "./Observations.ts"
import type { VersionOrder, VersionOrders } from "./VersionOrder.ts"

/** `inconsistent-offsets`: one offset that holds several messages. */
export const inconsistentOffsets = (orders: VersionOrders): ReadonlyArray<AnomalyCase> => {
  const anomalies: Array<AnomalyCase> = []
  for (const order of orders.values()) {
    for (const [index, placements] of order.placements.entries()) {
      if (placements.length > 1) {
        anomalies.push(inconsistent(order, index, placements))
      }
    }
  }
  return anomalies
}

/** `duplicate`: one message that stands at several offsets. */
export const duplicates = (orders: VersionOrders): ReadonlyArray<AnomalyCase> => {
  const anomalies: Array<AnomalyCase> = []
  for (const { log } of orders.values()) {
    for (const [message, placements] of Map.groupBy(log.placements, (placement) => placement.message)) {
      if (placements.length > 1) {
        anomalies.push(duplicate(message, placements))
      }
    }
  }
  return anomalies
}

const inconsistent = (order: VersionOrder, index: number, placements: ReadonlyArray<Placement>): AnomalyCase => {
  const messages = placements.map((placement) => placement.message)
  const offset = order.offsets[index]!
  return {
    type: "inconsistent-offsets",
    details: {
      key: order.log.key,
      offset: Integer.toJson(offset),
      index,
      values: messages.map((message) => message.value)
    },
    operations: placements.slice(0, 2).map((placement) => placement.witness),
    describe: () => `Offset ${offset} of ${keyPhrase(order.log)} holds ${valuesPhrase(messages)}`
  }
}

const duplicate = (message: Message, placements: ReadonlyArray<Placement>): AnomalyCase => {
  const offsets = placements.map((placement) => placement.offset!).toSorted(Integer.order)
  return {
    type: "duplicate",
    details: {
      key: message.log.key,
      value: message.value,
      count: offsets.length,
      offsets: offsets.map(Integer.toJson)
    },
    operations: placements.slice(0, 2).map((placement) => placement.witness),
    describe: () => `Message ${valuePhrase(message)} of ${keyPhrase(message.log)} has the offsets ${offsets.join(", ")}`
  }
}
