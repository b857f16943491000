/**
 * Evidence: the smallest proof of each kind of anomaly, with the messages that went between the nodes concerned.
 */
import { Schema } from "effect"
import { Body } from "../../protocol/Message.ts"
import { NodeId } from "../../protocol/NodeId.ts"
import { type ClientBinding, nodeName } from "../history/ClientBinding.ts"
import { isClientOperation } from "../history/History.ts"
import type { Operation } from "../history/Operation.ts"
import { Anomaly } from "../checkers/Verdict.ts"
import type { Journal, JournalEntry, NumberedMessage } from "../network/Journal.ts"
import { isClient } from "../network/Network.ts"

/** A message on its way. Nanoseconds of the history's time; `received` is absent where it did not arrive. */
export const Transfer = Schema.Struct({
  sent: Schema.Number,
  message: Schema.Struct({ id: Schema.Int, src: NodeId, dest: NodeId, body: Body }),
  received: Schema.optionalKey(Schema.Number)
})
export interface Transfer extends Schema.Schema.Type<typeof Transfer> {}

/**
 * The proof of one kind of anomaly.
 *
 * - `count`: how many anomalies of this kind there are. This is the one with the fewest operations.
 * - `messages`: what went over the network between the clients and nodes concerned, from the first operation to the last.
 * - `messagesLeftOut`: how many more messages there were, left out in the middle.
 */
export const Evidence = Schema.Struct({
  ...Anomaly.fields,
  count: Schema.Int,
  messages: Schema.Array(Transfer),
  messagesLeftOut: Schema.Int
})
export interface Evidence extends Schema.Schema.Type<typeof Evidence> {}

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

/** The smallest proof of every kind of anomaly. Without a setting it has operations only. */
export const select = (anomalies: ReadonlyArray<Anomaly>, setting?: Setting): ReadonlyArray<Evidence> =>
  [...Map.groupBy(anomalies, ({ name }) => name).values()].map((alike): Evidence => {
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
      const { body, dest, id, src } = message
      transfers.set(id, { sent: timeNanos, message: { id, src, dest, body } })
    } else if (transfer !== undefined) {
      transfer.received ??= timeNanos
    }
  }
  return [...transfers.values()]
}
