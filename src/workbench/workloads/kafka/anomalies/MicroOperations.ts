/**
 * Decodes the values of the Kafka workload: lists of micro-operations.
 *
 * - `["send", key, value]` begins a send; `["send", key, [offset, value]]` is what it came to.
 * - `["poll"]` begins a poll; `["poll", { key: [[offset, value], ...] }]` is what it returned.
 *
 * An offset of `null` is unknown, and `null` for a key's records says that there are none. Anything else is malformed:
 * it is set aside with the reason and otherwise ignored.
 */
import { Predicate } from "effect"
import type { ClientOperation } from "../../../history/History.ts"
import * as Integer from "../../../json/Integer.ts"
import { canonical } from "../../../json/JsonValue.ts"

/** A record as a poll returned it. `offset` is absent where it is unknown or malformed. */
export interface PolledRecord {
  readonly offset: Integer.Integer | undefined
  readonly value: unknown
}

/** A record as a send named it. */
export interface SentRecord extends PolledRecord {
  readonly key: string
}

/** Something in an operation's value that is not of the workload's form, with the reason in words. */
export interface MalformedPart {
  readonly operation: ClientOperation
  readonly reason: string
}

/** The records which an operation sends, in order. */
export const sentRecords = (operation: ClientOperation, malformed: Array<MalformedPart>): ReadonlyArray<SentRecord> => {
  if (operation.f !== "send" && operation.f !== "txn") {
    return []
  }
  const records: Array<SentRecord> = []
  for (const micro of microOperations(operation, "send", malformed)) {
    const [, key, sent] = micro
    if (micro.length !== 3 || (typeof key !== "string" && typeof key !== "number")) {
      malformed.push({ operation, reason: `${canonical(micro)} is not a send of a value to a key` })
    } else if (Array.isArray(sent)) {
      records.push({
        key: String(key),
        offset: offsetOf(sent[0], operation, String(key), malformed),
        value: sent[1]
      })
    } else {
      records.push({ key: String(key), offset: undefined, value: sent })
    }
  }
  return records
}

/**
 * Visits the records that an operation polled, key by key. A key is visited also if the poll returned it without
 * records, since that is not the same as leaving it out.
 */
export const polledRecords = (
  operation: ClientOperation,
  malformed: Array<MalformedPart>,
  visit: (key: string, records: ReadonlyArray<PolledRecord>) => void
): void => {
  if (operation.f !== "poll" && operation.f !== "txn") {
    return
  }
  for (const micro of microOperations(operation, "poll", malformed)) {
    const logs = micro[1]
    if (micro.length === 1) {
      continue
    }
    if (!Predicate.isObject(logs)) {
      malformed.push({ operation, reason: `the poll returned ${canonical(logs)} instead of records by key` })
      continue
    }
    for (const [key, pairs] of Object.entries(logs)) {
      visit(key, recordsOf(pairs, operation, key, malformed))
    }
  }
}

const recordsOf = (
  pairs: unknown,
  operation: ClientOperation,
  key: string,
  malformed: Array<MalformedPart>
): ReadonlyArray<PolledRecord> => {
  if (pairs === null) {
    return []
  }
  if (!Array.isArray(pairs)) {
    malformed.push({
      operation,
      reason: `the poll of key ${canonical(key)} returned ${canonical(pairs)} instead of a list`
    })
    return []
  }
  const records: Array<PolledRecord> = []
  for (const pair of pairs as ReadonlyArray<unknown>) {
    if (Array.isArray(pair) && pair.length === 2) {
      records.push({ offset: offsetOf(pair[0], operation, key, malformed), value: pair[1] })
    } else {
      malformed.push({
        operation,
        reason: `the poll of key ${canonical(key)} returned ${canonical(pair)} instead of an offset and a message`
      })
    }
  }
  return records
}

const microOperations = (
  operation: ClientOperation,
  f: "send" | "poll",
  malformed: Array<MalformedPart>
): ReadonlyArray<ReadonlyArray<unknown>> => {
  if (!Array.isArray(operation.value)) {
    malformed.push({ operation, reason: `${canonical(operation.value)} is not a list of micro-operations` })
    return []
  }
  return operation.value.filter((micro: unknown) => Array.isArray(micro) && micro[0] === f)
}

const offsetOf = (
  offset: unknown,
  operation: ClientOperation,
  key: string,
  malformed: Array<MalformedPart>
): Integer.Integer | undefined => {
  if (Integer.isInteger(offset)) {
    return Integer.fromJson(offset)
  }
  if (offset !== null && offset !== undefined) {
    malformed.push({ operation, reason: `${canonical(offset)} is no offset of key ${canonical(key)}` })
  }
  return undefined
}
