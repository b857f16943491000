/**
 * The journal of the simulated network: every send and every receipt, in order.
 */
import type { Message } from "../../protocol/Message.ts"

/** A message as the network knows it: with the number that it was given, in order of sending. */
export interface NumberedMessage extends Message {
  readonly id: number
}

/** A message was sent by a node, or received by one. Nanoseconds on the test's timeline. */
export interface JournalEntry {
  readonly timeNanos: number
  readonly event: "send" | "recv"
  readonly message: NumberedMessage
  /** The length of the message's body as JSON, in characters. */
  readonly size: number
}

/** The entries of one test in the order in which they happened. */
export type Journal = ReadonlyArray<JournalEntry>
