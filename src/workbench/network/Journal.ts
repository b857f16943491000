/**
 * The journal of the simulated network: every send and every receipt, in order.
 */
import type { Body, Message } from "../../protocol/Message.ts"
import type { NodeId } from "../../protocol/NodeId.ts"
import * as ExactNumber from "../json/ExactNumber.ts"

/** A message as the network knows it: with the number that it was given, in order of sending. */
export interface NumberedMessage extends Message {
  readonly id: number
}

/**
 * A message whose body is kept as text, a tenth of what the body takes as an object, and parsed anew each time, so that
 * nobody shares it. Large clusters exchange millions of messages.
 */
export class SentMessage implements NumberedMessage {
  readonly id: number
  readonly src: NodeId
  readonly dest: NodeId
  readonly text: string

  constructor(id: number, src: NodeId, dest: NodeId, text: string) {
    this.id = id
    this.src = src
    this.dest = dest
    this.text = text
  }

  get body(): Body {
    return ExactNumber.parse(this.text) as Body
  }

  toJSON(): NumberedMessage {
    const { body, dest, id, src } = this
    return { id, src, dest, body }
  }
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
