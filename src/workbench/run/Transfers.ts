/**
 * Messages of a test from their sending to their arrival, and those among them that tell how an anomaly came about.
 */
import { Predicate, Schema } from "effect"
import { Init } from "../../protocol/Init.ts"
import { AnyBody } from "../../protocol/Message.ts"
import { NodeId } from "../../protocol/NodeId.ts"
import { type ClientBinding, nodeName } from "../history/ClientBinding.ts"
import { type Call, type ClientOperation } from "../history/History.ts"
import { same } from "../json/JsonValue.ts"
import type { Journal, JournalEntry, NumberedMessage } from "../network/Journal.ts"
import { isClient } from "../network/Network.ts"

/** A message on its way. Nanoseconds of the history's time; `received` is absent where it did not arrive. */
export const Transfer = Schema.Struct({
  sent: Schema.Number,
  message: Schema.Struct({ id: Schema.Int, src: NodeId, dest: NodeId, body: AnyBody }),
  received: Schema.optionalKey(Schema.Number)
})
export interface Transfer extends Schema.Schema.Type<typeof Transfer> {}

/** What went over the network, and who is who on it. */
export interface Network extends ClientBinding {
  readonly journal: Journal
  /** The journal's time at which the history begins. */
  readonly originNanos: number
  /** The type of the request that nodes are prepared with besides `init`, which is of no operation. */
  readonly setup?: string | undefined
}

/** Some time of a test, in nanoseconds of the history's time. */
export interface Span {
  readonly from: number
  readonly to: number
}

/** The most messages that are shown of one proof. */
export const messageLimit = 30

/**
 * The messages that tell most of some calls, in order of sending, and the number of those that had no room.
 *
 * The requests and replies of the calls themselves come first, then what servers said to each other of a value that one
 * of the calls is about, the lost messages before the others, then what else went between the clients and nodes
 * concerned.
 */
export const select = (calls: ReadonlyArray<Partial<Call>>, { from, to }: Span, network: Network) => {
  const span = network.journal
    .map((entry) => ({ ...entry, timeNanos: Math.round(entry.timeNanos - network.originNanos) }))
    .filter(({ timeNanos }) => timeNanos >= from && timeNanos <= to)
  const parties = calls.map((call) => partiesOf(call, span, network))
  const names = new Set<string>(parties.flatMap(({ client, node }) => (client === undefined ? [node] : [client, node])))
  const values = calls.map(({ invocation }) => invocation?.value).filter(isScalar)

  const ranked: ReadonlyArray<Array<Transfer>> = [[], [], [], []]
  for (const transfer of paired(span)) {
    const { src, dest, body } = transfer.message
    const between = (client: string | undefined) => src === client || dest === client
    if (parties.some((party) => between(party.client) && transfer.sent >= party.from && transfer.sent <= party.to)) {
      ranked[0]!.push(transfer)
    } else if (!isClient(src) && !isClient(dest) && values.some((value) => mentions(body, value))) {
      ranked[transfer.received === undefined ? 1 : 2]!.push(transfer)
    } else if (names.has(src) && names.has(dest)) {
      ranked[3]!.push(transfer)
    }
  }
  const messages: Array<Transfer> = []
  for (const next of ranked) {
    messages.push(...ends(next, messageLimit - messages.length))
  }
  return {
    messages: messages.toSorted((left, right) => left.message.id - right.message.id),
    messagesLeftOut: ranked.flat().length - messages.length
  }
}

/** The first and the last of a list that has no room for all. */
const ends = <A>(list: ReadonlyArray<A>, room: number): ReadonlyArray<A> =>
  list.length <= room
    ? list
    : [...list.slice(0, Math.ceil(room / 2)), ...list.slice(list.length - Math.floor(room / 2))]

/** Who takes part in a call, and how long it takes. */
const partiesOf = ({ completion, invocation }: Partial<Call>, span: Journal, network: Network) => {
  const node = nodeName((invocation ?? completion)!, network)
  const asking = invocation === undefined ? [] : clientsAsking(invocation, node, span, network)
  const answered = completion === undefined ? [] : clientsAnswered(completion, node, span)
  return {
    node,
    // Several clients of a node may ask at nearly the same time.
    client: asking.find((client) => answered.includes(client)) ?? asking[0] ?? answered.at(-1),
    from: invocation?.time ?? Number.NEGATIVE_INFINITY,
    to: completion?.time ?? Number.POSITIVE_INFINITY
  }
}

/** The clients that send a request when an operation begins. */
const clientsAsking = (
  { time }: ClientOperation,
  node: string,
  span: Journal,
  { setup }: Network
): ReadonlyArray<string> =>
  span.flatMap(({ event, message, timeNanos }) => {
    const isRequest = event === "send" && isClient(message.src) && message.dest === node
    return isRequest && !isSetup(message, setup) && isSoon(time, timeNanos) ? [message.src] : []
  })

/** The clients that get a reply when an operation ends. */
const clientsAnswered = ({ time }: ClientOperation, node: string, span: Journal): ReadonlyArray<string> =>
  span.flatMap(({ event, message, timeNanos }) => {
    const isReply = event === "recv" && isClient(message.dest) && message.src === node
    return isReply && isSoon(timeNanos, time) ? [message.dest] : []
  })

const isSetup = ({ body }: NumberedMessage, setup: string | undefined): boolean =>
  body.type === Init.type || body.type === setup

// In virtual time it is the same instant.
const isSoon = (before: number, after: number): boolean => after >= before && after - before < 1_000_000

/** Whether an operation is about a single value, as of a set or a counter. */
const isScalar = (value: unknown): value is string | number => Predicate.isNumber(value) || Predicate.isString(value)

/** Whether a body has a value somewhere, besides what every body has. */
const mentions = (
  { in_reply_to: _answered, msg_id: _id, type: _type, ...rest }: Transfer["message"]["body"],
  value: unknown
): boolean => contains(Object.values(rest), value)

const contains = (json: unknown, value: unknown): boolean =>
  Predicate.isObjectOrArray(json) ? Object.values(json).some((part) => contains(part, value)) : same(json, value)

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
