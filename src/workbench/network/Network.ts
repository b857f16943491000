/**
 * Simulates the network between nodes, services and clients.
 *
 * After `maelstrom.net`, with loss, duplication, reordering and one-way partitions besides. See {@link models} for what
 * that means for latencies.
 */
import { Duration, type Random, Schema } from "effect"
import type { Message } from "../../protocol/Message.ts"
import { NodeId } from "../../protocol/NodeId.ts"
import type { Timeline } from "../simulation/Timeline.ts"
import { type Journal, type JournalEntry, SentMessage } from "./Journal.ts"
import * as Latency from "./Latency.ts"
import * as WaitingReceiver from "./WaitingReceiver.ts"

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

/**
 * How messages are received:
 *
 * - `maelstrom`: by one {@link WaitingReceiver} for each node, service and client, as in Maelstrom. While one message
 *   is waited for, everything else for its destination waits behind it, so that a request of a client, which has no
 *   latency itself, takes up to one latency to be answered; and whether a partition stops a message is judged when it
 *   is taken, up to one latency before it is due. Latencies of values come out shorter than on a network that does not
 *   wait in place, since a read that was held up shows what arrived meanwhile. Figures measured under Maelstrom compare
 *   with these.
 * - `ideal`: each message on its own. It is delivered when it is due, unless its link is cut at that moment.
 *
 * Without latency, both are the same but for the order of what happens at one instant.
 */
export const models = ["maelstrom", "ideal"] as const
export type Model = (typeof models)[number]

/** How long messages between servers are under way; those of clients take no time. */
export interface NetworkOptions {
  /** `maelstrom` if left out. */
  readonly model?: Model
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
  /**
   * Hands messages for `id` to `receive` from now on, in the place of whoever got them before. What is under way is
   * handed to whoever there is when it is delivered: it may outlive the node that it was sent to, and is lost if that
   * has no successor yet. A paused node's messages are handed over as if it ran, and wait in its stdin.
   */
  attach(id: NodeId, receive: (message: Message) => void): void

  /**
   * Sends a copy of a message on its way, and returns `undefined`. What has no destination goes nowhere, and what is
   * wrong with it is returned: plain, since everything in a test passes here.
   */
  send(message: Message): InvalidMessage | undefined

  /** From now on `dest` gets nothing from `src`. When this is judged depends on the {@link Model}. */
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
  { latency, latencyDistribution, model = "maelstrom" }: NetworkOptions
): Network => {
  const meanMillis = Duration.toMillis(latency)
  const receivers = new Map<NodeId, (message: Message) => void>()
  const waiting = new Map<NodeId, WaitingReceiver.WaitingReceiver>()
  const dropped = new Map<NodeId, Set<NodeId>>()
  const journal: Array<JournalEntry> = []
  let lastId = -1
  let lastText = ""
  /** The text that was sent last if it is the same, as what goes to many nodes is, so that it is in memory once. */
  const shared = (text: string) => {
    lastText = text === lastText ? lastText : text
    return lastText
  }
  const happens = (probability: number) => probability > 0 && random.nextDoubleUnsafe() < probability

  const isCut = (src: NodeId, dest: NodeId) => dropped.get(dest)?.has(src) ?? false

  const deliver = (message: SentMessage) => {
    journal.push({ timeNanos: timeline.nowNanos(), event: "recv", message, size: message.text.length })
    receivers.get(message.dest)!(message.toJSON())
  }

  const carry: (message: SentMessage, delayNanos: number) => void =
    model === "ideal"
      ? (message, delayNanos) => timeline.after(delayNanos, () => isCut(message.src, message.dest) || deliver(message))
      : (message, delayNanos) =>
          receiverOf(message.dest).add({
            src: message.src,
            dueNanos: timeline.nowNanos() + delayNanos,
            deliver: () => deliver(message)
          })

  const receiverOf = (dest: NodeId) => {
    let receiver = waiting.get(dest)
    if (receiver === undefined) {
      receiver = WaitingReceiver.make(timeline, (src) => isCut(src, dest))
      waiting.set(dest, receiver)
    }
    return receiver
  }

  const network: Network = {
    journal,
    faults: reliable,

    attach: (id, receive) => void receivers.set(id, receive),

    send: ({ body, dest, src }) => {
      const text = shared(JSON.stringify(body))
      const message = new SentMessage(++lastId, src, dest, text)
      if (!receivers.has(dest)) {
        return new InvalidMessage({ src, text: `sent a message to ${dest}, which does not exist: ${text}` })
      }
      journal.push({ timeNanos: timeline.nowNanos(), event: "send", message, size: text.length })
      if (isClient(src) || isClient(dest)) {
        carry(message, 0)
        return undefined
      }
      if (happens(network.faults.loss)) {
        return undefined
      }
      for (let copies = happens(network.faults.duplicate) ? 2 : 1; copies > 0; copies--) {
        const held = happens(network.faults.reorder) ? random.nextDoubleUnsafe() * reorderMillis : 0
        const millis = Latency.draw(random, latencyDistribution, meanMillis) + held
        carry(message, millis * 1_000_000)
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

/** Clients are told from servers by the first letter of their name, as in Maelstrom. Services count as servers. */
export const isClient = (id: NodeId): boolean => id.startsWith("c")
