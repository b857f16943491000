/**
 * How much went over the network.
 *
 * After `maelstrom.net.checker`.
 */
import type { History } from "../history/Operation.ts"
import type { Journal } from "./Journal.ts"
import { isClient } from "./Network.ts"

/** Counts of sends, receipts and distinct messages; characters sent; and the latter two for each invoked operation. */
export interface Traffic {
  readonly "send-count": number
  readonly "recv-count": number
  readonly "msg-count": number
  readonly "send-chars": number
  readonly "msgs-per-op"?: number
  readonly "chars-per-op"?: number
}

/** All traffic, that to and from clients, and that between servers. Maelstrom's keys, and characters besides. */
export interface Statistics {
  readonly all: Traffic
  readonly clients: Traffic
  readonly servers: Traffic
}

/** Sums up a test's journal. The nemesis' operations do not count. */
export const statistics = (journal: Journal, history: History): Statistics => {
  const counts = { all: counter(), clients: counter(), servers: counter() }
  for (const { event, message, size } of journal) {
    const group = isClient(message.src) || isClient(message.dest) ? counts.clients : counts.servers
    for (const count of [counts.all, group]) {
      count.messages.add(message.id)
      if (event === "recv") {
        count.received += 1
      } else {
        count.sent += 1
        count.characters += size
      }
    }
  }
  const operations = history.filter(({ process, type }) => type === "invoke" && process !== "nemesis").length
  return {
    all: { ...traffic(counts.all), ...perOperation(counts.all, operations) },
    clients: traffic(counts.clients),
    servers: { ...traffic(counts.servers), ...perOperation(counts.servers, operations) }
  }
}

interface Counter {
  sent: number
  received: number
  characters: number
  readonly messages: Set<number>
}

const counter = (): Counter => ({ sent: 0, received: 0, characters: 0, messages: new Set() })

const traffic = ({ characters, messages, received, sent }: Counter): Traffic => ({
  "send-count": sent,
  "recv-count": received,
  "msg-count": messages.size,
  "send-chars": characters
})

/** In single precision, as Maelstrom prints it. */
const perOperation = ({ characters, messages }: Counter, operations: number) =>
  operations === 0
    ? {}
    : { "msgs-per-op": Math.fround(messages.size / operations), "chars-per-op": Math.fround(characters / operations) }
