/**
 * What proves a verdict, short enough to be read.
 */
import { type ClientBinding, nodeName } from "../history/ClientBinding.ts"
import { isClientOperation } from "../history/History.ts"
import type { Operation } from "../history/Operation.ts"
import type { Anomaly } from "../checkers/Verdict.ts"
import type { Journal, JournalEntry, NumberedMessage } from "../network/Journal.ts"
import { isClient } from "../network/Network.ts"

/** The proof of one kind of problem. */
export interface Evidence extends Anomaly {
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
  /** The journal's time at which the history begins. */
  readonly originNanos: number
}

/** The most messages that are shown of one proof. */
export const messageLimit = 30

/** The most operations between which messages are shown. */
const operationLimit = 10

/** The smallest proof of every kind of problem. Without a setting it has operations only. */
export const select = (warnings: ReadonlyArray<Anomaly>, setting?: Setting): ReadonlyArray<Evidence> =>
  [...Map.groupBy(warnings, ({ name }) => name).values()].map((alike): Evidence => {
    const { message, name, operations } = alike.reduce((least, next) =>
      next.operations.length < least.operations.length ? next : least
    )
    const transfers = setting === undefined ? [] : transfersBetween(operations, setting)
    const half = messageLimit / 2
    const messages =
      transfers.length > messageLimit ? [...transfers.slice(0, half), ...transfers.slice(-half)] : transfers
    const messagesLeftOut = transfers.length - messages.length
    return { name, message, operations, count: alike.length, messages, messagesLeftOut }
  })

const transfersBetween = (operations: ReadonlyArray<Operation>, setting: Setting): ReadonlyArray<Transfer> => {
  const ofClients = operations.filter(isClientOperation)
  const [first, last] = [ofClients[0], ofClients.at(-1)]
  // A single operation is a proof alone, and the messages between many tell nothing.
  if (first === undefined || last === undefined || first === last || ofClients.length > operationLimit) {
    return []
  }
  const span = setting.journal
    .map((entry) => ({ ...entry, timeNanos: Math.round(entry.timeNanos - setting.originNanos) }))
    .filter(({ timeNanos }) => timeNanos >= first.time && timeNanos <= last.time)
  const nodes = ofClients.map((operation) => nodeName(operation, setting))
  const clients = ofClients.flatMap((operation) => clientOf(operation, nodeName(operation, setting), span))
  const parties = new Set<string>([...nodes, ...clients])
  return paired(span.filter(({ message }) => parties.has(message.src) && parties.has(message.dest)))
}

/** The name on the network of an operation's client, which sends when the operation begins, and gets what ends it. */
const clientOf = ({ time, type }: Operation, node: string, span: Journal): ReadonlyArray<string> => {
  const entry =
    type === "invoke"
      ? span.find(({ event, message, timeNanos }) => {
          const isRequest = event === "send" && isClient(message.src) && message.dest === node
          return isRequest && !isSetup(message) && isSoon(time, timeNanos)
        })
      : span.findLast(({ event, message, timeNanos }) => {
          return event === "recv" && isClient(message.dest) && message.src === node && isSoon(timeNanos, time)
        })
  return entry === undefined ? [] : [entry.message.src, entry.message.dest]
}

const isSetup = ({ body }: NumberedMessage): boolean => body.type === "init" || body.type === "topology"

// In virtual time it is the same instant.
const isSoon = (before: number, after: number): boolean => after >= before && after - before < 1_000_000

const paired = (entries: ReadonlyArray<JournalEntry>): ReadonlyArray<Transfer> => {
  const transfers = new Map<number, { sent: number; received?: number; message: NumberedMessage }>()
  for (const { event, message, timeNanos } of entries) {
    const transfer = transfers.get(message.id)
    if (event === "send") {
      transfers.set(message.id, { sent: timeNanos, message })
    } else if (transfer !== undefined) {
      transfer.received ??= timeNanos
    }
  }
  return [...transfers.values()]
}
