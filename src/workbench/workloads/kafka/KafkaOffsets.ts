/**
 * The highest offsets that an operation tells of.
 */
import { polledRecords, sentRecords } from "./anomalies/MicroOperations.ts"
import { type ClientOperation, isClientOperation } from "../../history/History.ts"
import type { Operation } from "../../history/Operation.ts"
import * as Integer from "../../json/Integer.ts"

/** An offset for each of several keys; -1 where it is only known that there is such a key. */
export type KafkaOffsets = ReadonlyMap<string, Integer.Integer>

/** What an operation sent and what it polled, by key. Only operations that took place tell of anything. */
export const highestOffsets = (operation: Operation): { readonly sent: KafkaOffsets; readonly polled: KafkaOffsets } =>
  operation.type === "ok" && isClientOperation(operation)
    ? { sent: sentOffsets(operation), polled: polledOffsets(operation) }
    : { sent: new Map(), polled: new Map() }

/** Raises the offsets in `highest` to those in `offsets` where these are higher. */
export const raise = (highest: Map<string, Integer.Integer>, offsets: KafkaOffsets): void => {
  for (const [key, offset] of offsets) {
    highest.set(key, Integer.max(highest.get(key) ?? -1, offset))
  }
}

const sentOffsets = (operation: ClientOperation): KafkaOffsets =>
  new Map(sentRecords(operation, []).flatMap(({ key, offset }) => (offset === undefined ? [] : [[key, offset]])))

const polledOffsets = (operation: ClientOperation): KafkaOffsets => {
  const polled = new Map<string, Integer.Integer>()
  polledRecords(operation, [], (key, records) => {
    polled.set(
      key,
      records.reduce<Integer.Integer>((highest, { offset = -1 }) => Integer.max(highest, offset), -1)
    )
  })
  return polled
}
