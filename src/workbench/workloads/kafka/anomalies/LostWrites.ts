/**
 * Lost writes: acknowledged messages that no client polled.
 */
import type { ClientOperation } from "../../../history/History.ts"
import type { AnomalyCase } from "./AnomalyCase.ts"
import { keyPhrase, valuePhrase } from "./Phrases.ts"
import { hasRecords, type Log, type Message, type Observations } from "./Observations.ts"
import type { VersionOrder, VersionOrders } from "./VersionOrder.ts"

/**
 * `lost-write`: an acknowledged message was never polled, though somebody polled a message that comes after it in the
 * log.
 *
 * A message may stand at several offsets. To be on the safe side, the furthest message read counts with its first
 * index, and a message that should have been read counts with its last.
 */
export const lostWrites = (orders: VersionOrders): ReadonlyArray<AnomalyCase> => {
  const anomalies: Array<AnomalyCase> = []
  for (const order of orders.values()) {
    const { first, last } = firstAndLastIndexes(order)
    let bound = -1
    let furthest: ClientOperation | undefined
    for (const [message, index] of first) {
      if (message.reader !== undefined && index > bound) {
        bound = index
        furthest = message.reader
      }
    }
    for (const [message, index] of last) {
      if (index <= bound && message.reader === undefined && message.acknowledged !== undefined) {
        anomalies.push(lost(message, message.acknowledged, first.get(message)!, bound, furthest!))
      }
    }
  }
  return anomalies
}

/**
 * `unseen` as Maelstrom reports it: the acknowledged messages that no successful poll returned, and when the last
 * successful send or poll ended, in nanoseconds.
 */
export interface Unseen {
  readonly time: number
  readonly messages: ReadonlyMap<Log, ReadonlyArray<Message>>
  /** The last successful poll of each log that has been polled at all. */
  readonly lastPolls: ReadonlyMap<Log, ClientOperation>
}

/** Finds what is unseen at the end; undefined if everything acknowledged was polled. */
export const unseen = (observations: Observations): Unseen | undefined => {
  const messages = new Map<Log, ReadonlyArray<Message>>()
  for (const log of observations.logs.values()) {
    const missing: Array<Message> = []
    for (const message of log.messages.values()) {
      if (message.acknowledged !== undefined && message.reader === undefined) {
        missing.push(message)
      }
    }
    if (missing.length > 0) {
      messages.set(log, missing)
    }
  }
  const successes = observations.completions.filter(({ operation }) => operation.type === "ok" && hasRecords(operation))
  const lastPolls = new Map(
    successes.flatMap(({ operation, polls }) => Array.from(polls.keys(), (log) => [log, operation] as const))
  )
  return messages.size === 0 ? undefined : { time: successes.at(-1)!.operation.time, messages, lastPolls }
}

/** The unseen messages one by one. */
export const unseenMessages = (missing: Unseen): ReadonlyArray<AnomalyCase> =>
  [...missing.messages.values()].flat().map((message) => ({
    type: "unseen",
    details: { key: message.log.key, value: message.value },
    operations: [message.acknowledged!, ...lastPollAfter(message, missing)],
    describe: () => `Message ${valuePhrase(message)} was sent to ${keyPhrase(message.log)}, but no poll returned it`
  }))

/** The last poll of a message's log, which shows that it was looked for, if it began when the message was there. */
const lastPollAfter = ({ acknowledged, log }: Message, { lastPolls }: Unseen): ReadonlyArray<ClientOperation> => {
  const poll = lastPolls.get(log)
  return poll !== undefined && poll.index > acknowledged!.index ? [poll] : []
}

const firstAndLastIndexes = (order: VersionOrder) => {
  const first = new Map<Message, number>()
  const last = new Map<Message, number>()
  for (const [index, placements] of order.placements.entries()) {
    for (const { message } of placements) {
      if (!first.has(message)) {
        first.set(message, index)
      }
      last.set(message, index)
    }
  }
  return { first, last }
}

const lost = (
  message: Message,
  writer: ClientOperation,
  index: number,
  bound: number,
  furthest: ClientOperation
): AnomalyCase => ({
  type: "lost-write",
  details: {
    key: message.log.key,
    value: message.value,
    index,
    "max-read-index": bound,
    writer: writer.index,
    "max-read": furthest.index
  },
  operations: [writer, furthest],
  describe: () =>
    `Message ${valuePhrase(message)} was sent to ${keyPhrase(message.log)} and never polled, ` +
    `though later messages of that key were`
})
