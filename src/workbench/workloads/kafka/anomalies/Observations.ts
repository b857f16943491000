/**
 * Observations: what a history shows of the logs, that is, who sent which message, who polled it, and at which offset.
 *
 * A history names the same record again and again: the final polls alone repeat every log once for each client.
 * Keys, messages and their offsets are therefore interned while the history is read, once, so that the checks compare
 * references instead of looking values up.
 */
import { Predicate } from "effect"
import { append, getOrInsert } from "../../../collections/MultiMap.ts"
import { type ClientOperation, clientOperations, pairs } from "../../../history/History.ts"
import type { History } from "../../../history/Operation.ts"
import type { Integer } from "../../../json/Integer.ts"
import { canonical } from "../../../json/JsonValue.ts"
import { type MalformedPart, type PolledRecord, polledRecords, sentRecords } from "./MicroOperations.ts"

/** One key with everything that the history shows of it. The messages are by the identity of their values. */
export interface Log {
  readonly key: string
  readonly messages: ReadonlyMap<unknown, Message>
  /** Every offset at which some message was seen, in the order in which they were first seen. */
  readonly placements: ReadonlyArray<Placement>
}

/**
 * A value sent to, or polled from, one log. Values are unique within a key, so that a value tells its send.
 *
 * - `attempt`: the beginning of the send; absent if nobody sent the value.
 * - `writer`: the end of the send, whatever it was; absent if the send never ended.
 * - `acknowledged`, `aborted`: the end of the send, if it was `ok` or `fail`.
 * - `reader`: the first successful poll that returned the value.
 */
export interface Message {
  readonly log: Log
  readonly value: unknown
  readonly attempt: ClientOperation | undefined
  readonly writer: ClientOperation | undefined
  readonly acknowledged: ClientOperation | undefined
  readonly aborted: ClientOperation | undefined
  readonly reader: ClientOperation | undefined
}

/** A message with the offset that a send or a poll gave it, and the operation which did so first. */
export interface Placement {
  readonly message: Message
  readonly offset: Integer | undefined
  readonly witness: ClientOperation
}

/**
 * The end of an operation, with what it sent and polled by log in the order of its micro-operations. `assigned` are
 * the logs that an assign names.
 */
export interface Completion {
  readonly operation: ClientOperation
  readonly invocation: ClientOperation | undefined
  readonly sends: ReadonlyMap<Log, ReadonlyArray<Placement>>
  readonly polls: ReadonlyMap<Log, ReadonlyArray<Placement>>
  readonly assigned: ReadonlyArray<Log>
}

/**
 * - `completions`: the ends of the clients' operations in history order.
 * - `pending`: operations that began and never ended.
 * - `malformed`: parts of values that are neither sends nor polls, or have no usable offset.
 */
export interface Observations {
  readonly logs: ReadonlyMap<string, Log>
  readonly completions: ReadonlyArray<Completion>
  readonly pending: ReadonlyArray<ClientOperation>
  readonly malformed: ReadonlyArray<MalformedPart>
}

/** Reads a history once. Operations of the nemesis are left out. */
export const observe = (history: History): Observations => {
  const logs = new Map<string, MutableLog>()
  const completions: Array<Completion> = []
  const pending: Array<ClientOperation> = []
  const malformed: Array<MalformedPart> = []
  const counterparts = pairs(history)
  for (const operation of clientOperations(history)) {
    if (operation.type === "invoke") {
      for (const sent of sentRecords(operation, malformed)) {
        const message = messageOf(logOf(logs, sent.key), sent.value)
        message.attempt ??= operation
      }
      if (!counterparts.has(operation)) {
        pending.push(operation)
      }
      continue
    }
    completions.push({
      operation,
      invocation: counterparts.get(operation),
      sends: sendsOf(logs, operation, malformed),
      polls: pollsOf(logs, operation, malformed),
      assigned: operation.f === "assign" ? keysOf(operation.value).map((key) => logOf(logs, key)) : []
    })
  }
  return { logs, completions, pending, malformed }
}

/** Whether an operation may have records: `send`, `poll`, or a `txn` of both. */
export const hasRecords = (operation: ClientOperation): boolean =>
  operation.f === "poll" || operation.f === "send" || operation.f === "txn"

type Mutable<A> = { -readonly [K in keyof A]: A[K] }
type MutableMessage = Mutable<Message> & { readonly placements: Array<Placement> }
interface MutableLog extends Log {
  readonly messages: Map<unknown, MutableMessage>
  readonly placements: Array<Placement>
}
type Records = Map<Log, Array<Placement>>

const sendsOf = (
  logs: Map<string, MutableLog>,
  operation: ClientOperation,
  malformed: Array<MalformedPart>
): Records => {
  const records: Records = new Map()
  for (const sent of sentRecords(operation, malformed)) {
    const log = logOf(logs, sent.key)
    const message = messageOf(log, sent.value)
    message.attempt ??= operation
    message.writer = operation
    if (operation.type === "ok") {
      message.acknowledged ??= operation
    } else if (operation.type === "fail") {
      message.aborted ??= operation
    }
    append(records, log, placementOf(log, message, operation.type === "ok" ? sent.offset : undefined, operation))
  }
  return records
}

const pollsOf = (
  logs: Map<string, MutableLog>,
  operation: ClientOperation,
  malformed: Array<MalformedPart>
): Records => {
  const records: Records = new Map()
  polledRecords(operation, malformed, (key: string, polled: ReadonlyArray<PolledRecord>) => {
    const log = logOf(logs, key)
    const placements = getOrInsert(records, log, () => [])
    for (const { offset, value } of polled) {
      const message = messageOf(log, value)
      if (operation.type === "ok") {
        message.reader ??= operation
      }
      placements.push(placementOf(log, message, offset, operation))
    }
  })
  return records
}

const logOf = (logs: Map<string, MutableLog>, key: string): MutableLog =>
  getOrInsert(logs, key, () => ({ key, messages: new Map(), placements: [] }))

const messageOf = (log: MutableLog, value: unknown): MutableMessage =>
  getOrInsert(log.messages, identityOf(value), () => ({
    log,
    value,
    attempt: undefined,
    writer: undefined,
    acknowledged: undefined,
    aborted: undefined,
    reader: undefined,
    placements: []
  }))

const placementOf = (
  log: MutableLog,
  message: MutableMessage,
  offset: Integer | undefined,
  witness: ClientOperation
): Placement => {
  for (const placement of message.placements) {
    if (placement.offset === offset) {
      return placement
    }
  }
  const placement: Placement = { message, offset, witness }
  message.placements.push(placement)
  if (offset !== undefined) {
    log.placements.push(placement)
  }
  return placement
}

const keysOf = (value: unknown): ReadonlyArray<string> => (Array.isArray(value) ? value.map(String) : [])

// Lists and objects are the same if their content is; a symbol is never the same as a plain value.
const identityOf = (value: unknown): unknown =>
  Predicate.isObjectOrArray(value) ? Symbol.for(canonical(value)) : value
