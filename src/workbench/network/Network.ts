/**
 * Simulates the network between nodes, services and clients.
 *
 * After `maelstrom.net`, with loss, duplication, reordering and one-way partitions besides.
 */
import { Duration, type Random, Schema } from "effect"
import type { Body, Message } from "../../protocol/Message.ts"
import { NodeId } from "../../protocol/NodeId.ts"
import * as ExactNumber from "../json/ExactNumber.ts"
import type { Timeline } from "../simulation/Timeline.ts"
import type { Journal, JournalEntry, NumberedMessage } from "./Journal.ts"
import * as Latency from "./Latency.ts"

/** How the network treats messages between servers. Links to and from clients are immediate and reliable. */
export const Faults = Schema.Struct({
  /** The probability that a message is lost. */
  loss: Schema.Finite,
  /** The probability that a message arrives twice, the second time after a latency of its own. */
  duplicate: Schema.Finite,
  /** The probability that a message is held back by a further latency of up to {@link reorderMillis}. */
  reorder: Schema.Finite
})

export type Faults = typeof Faults.Type

/** The longest that a message is held back to let later ones overtake it. */
export const reorderMillis = 200

/** How long messages between servers are under way; those of clients take no time. */
export interface NetworkOptions {
  /** The mean latency of a message between servers. */
  readonly latency: Duration.Input
  readonly latencyDistribution: Latency.Distribution
}

/** A message that the network cannot carry, which is a bug of its sender. `text` ends a sentence about that. */
export class InvalidMessage extends Schema.TaggedError<InvalidMessage>()("InvalidMessage", {
  src: NodeId,
  text: Schema.String
}) {
  override readonly message = `${this.src} ${this.text}`
}

/** A network on a timeline, which carries what nodes, services and clients send, and journals it. */
export interface Network {
  /** Hands messages for `id` to `receive` from now on, in the place of whoever got them before. */
  attach(id: NodeId, receive: (message: Message) => void): void

  /**
   * Sends a copy of a message on its way, and returns `undefined`. What has no destination goes nowhere, and what is
   * wrong with it is returned: plain, since everything in a test passes here.
   */
  send(message: Message): InvalidMessage | undefined

  /** From now on `dest` gets nothing from `src`. Judged when a message is due. */
  drop(src: NodeId, dest: NodeId): void

  /** Ends all that {@link drop} began. */
  heal(): void

  /** How messages are treated from now on. */
  faults: Faults

  readonly journal: Journal
}

/** No faults. */
export const reliable: Faults = { loss: 0, duplicate: 0, reorder: 0 }

/** A network without partitions, on which nobody listens yet. */
export const make = (
  timeline: Timeline,
  random: Random.Random,
  { latency, latencyDistribution }: NetworkOptions
): Network => {
  const meanMillis = Duration.toMillis(latency)
  const receivers = new Map<NodeId, (message: Message) => void>()
  const dropped = new Map<NodeId, Set<NodeId>>()
  const journal: Array<JournalEntry> = []
  let lastId = -1
  const happens = (probability: number) => probability > 0 && random.nextDoubleUnsafe() < probability

  const deliver = (message: NumberedMessage, text: string) => {
    const receive = receivers.get(message.dest)
    if (receive === undefined || dropped.get(message.dest)?.has(message.src)) {
      return
    }
    journal.push({ timeNanos: timeline.nowNanos(), event: "recv", message, size: text.length })
    receive({ ...message, body: copy(text) })
  }

  const network: Network = {
    journal,
    faults: reliable,

    attach: (id, receive) => void receivers.set(id, receive),

    send: ({ body, dest, src }) => {
      const text = JSON.stringify(body)
      const message: NumberedMessage = { id: ++lastId, src, dest, body: copy(text) }
      if (!receivers.has(dest)) {
        return new InvalidMessage({ src, text: `sent a message to ${dest}, which does not exist: ${text}` })
      }
      journal.push({ timeNanos: timeline.nowNanos(), event: "send", message, size: text.length })
      if (isClient(src) || isClient(dest)) {
        timeline.after(0, () => deliver(message, text))
        return undefined
      }
      if (happens(network.faults.loss)) {
        return undefined
      }
      for (let copies = happens(network.faults.duplicate) ? 2 : 1; copies > 0; copies--) {
        const held = happens(network.faults.reorder) ? random.nextDoubleUnsafe() * reorderMillis : 0
        const millis = Latency.draw(random, latencyDistribution, meanMillis) + held
        timeline.after(millis * 1_000_000, () => deliver(message, text))
      }
      return undefined
    },

    drop: (src, dest) => {
      const sources = dropped.get(dest) ?? new Set()
      dropped.set(dest, sources.add(src))
    },
    heal: () => dropped.clear()
  }
  return network
}

/** A message's body anew, so that no two nodes share an object, and with its numbers as they were written. */
const copy = (text: string) => ExactNumber.parse(text) as Body

/** Clients are told from servers by the first letter of their name, as in Maelstrom. Services count as servers. */
export const isClient = (id: NodeId): boolean => id.startsWith("c")
