/**
 * Counts the messages and characters that went over the network.
 *
 * After `maelstrom.net.checker`.
 */
import { Schema } from "effect"
import type { History } from "../history/Operation.ts"
import * as JepsenKeys from "../json/JepsenKeys.ts"
import type { Journal } from "./Journal.ts"
import { isClient } from "./Network.ts"

/**
 * Counts of sends, receipts and distinct messages; characters sent; and the latter two per invoked operation. The keys
 * are Maelstrom's, which does not count characters.
 */
export const Traffic = JepsenKeys.struct({
  sendCount: Schema.Int,
  recvCount: Schema.Int,
  msgCount: Schema.Int,
  sendChars: Schema.optionalKey(Schema.Int),
  msgsPerOp: Schema.optionalKey(Schema.Number),
  charsPerOp: Schema.optionalKey(Schema.Number)
})
export interface Traffic extends Schema.Schema.Type<typeof Traffic> {}

/** All traffic, that to and from clients, and that between servers. */
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
  sendCount: sent,
  recvCount: received,
  msgCount: messages.size,
  sendChars: characters
})

/** In single precision, as Maelstrom prints it. */
const perOperation = ({ characters, messages }: Counter, operations: number) =>
  operations === 0
    ? {}
    : { msgsPerOp: Math.fround(messages.size / operations), charsPerOp: Math.fround(characters / operations) }
