/**
 * What proves a verdict, short enough to be read.
 */
import { type ClientBinding, nodeName } from "../workbench/history/ClientBinding.ts"
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
export interface Setting extends ClientBinding {
  readonly journal: Journal
}

/** The most messages that are shown of one proof. */
export const messageLimit = 30

/** The smallest proof of every kind of problem. Without a setting it has operations only. */
export const select = (findings: ReadonlyArray<Finding>, setting?: Setting): ReadonlyArray<Evidence> =>
  [...Map.groupBy(findings, ({ name }) => name).values()].map((alike) => {
    const smallest = alike.reduce((least, next) => (next.operations.length < least.operations.length ? next : least))
    const transfers = setting === undefined ? [] : transfersBetween(smallest.operations, setting)
    const half = messageLimit / 2
    const kept = transfers.length > messageLimit ? [...transfers.slice(0, half), ...transfers.slice(-half)] : transfers
    return { ...smallest, count: alike.length, messages: kept, messagesLeftOut: transfers.length - kept.length }
  })

const transfersBetween = (operations: ReadonlyArray<Operation>, setting: Setting): ReadonlyArray<Transfer> => {
  const ofClients = operations.filter(isClientOperation)
  const [first, last] = [ofClients[0], ofClients.at(-1)]
  // The proof is in one operation alone, and not in what happened between two.
  if (first === undefined || last === undefined || first === last) return []
  const origin = originNanos(setting)
  const span = setting.journal
    .map((entry) => ({ ...entry, timeNanos: Math.round(entry.timeNanos - origin) }))
    .filter(({ timeNanos }) => timeNanos >= first.time && timeNanos <= last.time)
  const nodes = ofClients.map((operation) => nodeName(operation, setting))
  const clients = ofClients.flatMap((operation) => clientOf(operation, nodeName(operation, setting), span))
  const parties = new Set<string>([...nodes, ...clients])
  return paired(span.filter(({ message }) => parties.has(message.src) && parties.has(message.dest)))
}

/**
 * The time in the journal at which the history's time begins: when the last node had answered what it is told before a
 * test.
 */
const originNanos = ({ journal, nodeCount }: Setting): number => {
  const lastAnswer = (type: string) =>
    journal.filter(({ event, message }) => event === "recv" && message.body.type === type)[nodeCount - 1]?.timeNanos ??
    0
  return Math.max(lastAnswer("init_ok"), lastAnswer("topology_ok"))
}

/** The name on the network of an operation's client, which sends when the operation begins, and gets what ends it. */
const clientOf = ({ time, type }: Operation, node: string, span: Journal): ReadonlyArray<string> => {
  const entry =
    type === "invoke"
      ? span.find(({ event, message, timeNanos }) => {
          return event === "send" && isClient(message.src) && message.dest === node && isSoon(time, timeNanos)
        })
      : span.findLast(({ event, message, timeNanos }) => {
          return event === "recv" && isClient(message.dest) && message.src === node && isSoon(timeNanos, time)
        })
  return entry === undefined ? [] : [entry.message.src, entry.message.dest]
}

// In virtual time it is the same instant.
const isSoon = (before: number, after: number): boolean => after >= before && after - before < 1_000_000

const paired = (entries: ReadonlyArray<JournalEntry>): ReadonlyArray<Transfer> => {
  const transfers = new Map<number, { sent: number; received?: number; message: NumberedMessage }>()
  for (const { event, message, timeNanos } of entries) {
    const transfer = transfers.get(message.id)
    if (event === "send") transfers.set(message.id, { sent: timeNanos, message })
    else if (transfer !== undefined) transfer.received ??= timeNanos
  }
  return [...transfers.values()]
}
