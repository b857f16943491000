/**
 * What proves a verdict, short enough to be read.
 */
import { nodeName } from "../workbench/history/ClientBinding.ts"
import { isClientOperation } from "../workbench/history/History.ts"
import type { Operation } from "../workbench/history/Operation.ts"
import type { Finding } from "../workbench/checkers/Verdict.ts"
import type { Journal, JournalEntry, NumberedMessage } from "../workbench/network/Journal.ts"
import { isClient } from "../workbench/network/Network.ts"

/** The proof of one kind of problem. */
export interface Evidence extends Finding {
  /** How many problems of this kind there are. This is the one with the fewest operations. */
  readonly count: number
  /** What went over the network between the clients and nodes concerned, from the first operation to the last. */
  readonly messages: ReadonlyArray<Transfer>
  /** How many more messages there were, left out in the middle. */
  readonly messagesLeftOut: number
}

/** A message on its way. Nanoseconds of the history's time; `received` is absent where it did not arrive. */
export interface Transfer {
  readonly sent: number
  readonly received?: number
  readonly message: NumberedMessage
}

/** Where the messages of a test are found. */
export interface Setting {
  readonly journal: Journal
  /** The time in the journal at which the history's time begins, in nanoseconds. */
  readonly originNanos: number
  readonly concurrency: number
  readonly nodeCount: number
}

/** The most messages that are shown of one proof. */
export const messageLimit = 30

/** The smallest proof of every kind of problem. Without a setting it has operations only. */
export const select = (findings: ReadonlyArray<Finding>, setting?: Setting): ReadonlyArray<Evidence> =>
  [...Map.groupBy(findings, ({ name }) => name).values()].map((alike) => {
    const smallest = alike.reduce((least, next) => (next.operations.length < least.operations.length ? next : least))
    const transfers = setting === undefined ? [] : transfersBetween(smallest.operations, setting)
    const half = messageLimit / 2
    const kept =
      transfers.length > messageLimit ? [...transfers.slice(0, half), ...transfers.slice(-half)] : transfers
    return { ...smallest, count: alike.length, messages: kept, messagesLeftOut: transfers.length - kept.length }
  })

const transfersBetween = (operations: ReadonlyArray<Operation>, setting: Setting): ReadonlyArray<Transfer> => {
  const ofClients = operations.filter(isClientOperation)
  const [first, last] = [ofClients[0], ofClients.at(-1)]
  // The proof is in one operation alone, and not in what happened between two.
  if (first === undefined || last === undefined || first === last) return []
  const begin = first.time + setting.originNanos
  const end = last.time + setting.originNanos
  const span = setting.journal.filter(({ timeNanos }) => timeNanos >= begin && timeNanos <= end)
  const parties = new Set(ofClients.map((operation) => nodeName(operation, setting)))
  for (const client of clientsOf(ofClients, span, setting)) parties.add(client)
  return paired(span.filter(({ message }) => parties.has(message.src) && parties.has(message.dest))).map(
    ({ sent, received, message }) => ({
      sent: Math.round(sent - setting.originNanos),
      ...(received === undefined ? {} : { received: Math.round(received - setting.originNanos) }),
      message
    })
  )
}

/** The clients' names on the network: a client sends its request when its operation begins, and ends with the reply. */
const clientsOf = (operations: ReadonlyArray<Operation>, span: Journal, { originNanos }: Setting) => {
  const times = new Set(operations.map(({ time }) => time))
  return span.flatMap(({ message: { dest, src }, timeNanos }) =>
    times.has(Math.round(timeNanos - originNanos)) ? [src, dest].filter(isClient) : []
  )
}

const paired = (entries: ReadonlyArray<JournalEntry>): ReadonlyArray<Transfer> => {
  const transfers = new Map<number, { sent: number; received?: number; message: NumberedMessage }>()
  for (const { event, message, timeNanos } of entries) {
    const transfer = transfers.get(message.id)
    if (event === "send") transfers.set(message.id, { sent: timeNanos, message })
    else if (transfer !== undefined) transfer.received ??= timeNanos
  }
  return [...transfers.values()]
}
