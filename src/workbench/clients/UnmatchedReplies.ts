/**
 * Finds what nodes sent to clients that answers none of their requests, and says why it does not: the usual reason for
 * a client that waits in vain. Maelstrom's clients pass over it in silence.
 */
import type { Body } from "../../protocol/Message.ts"
import type { NodeId } from "../../protocol/NodeId.ts"
import * as Integer from "../json/Integer.ts"
import type { Journal } from "../network/Journal.ts"
import { isClient } from "../network/Network.ts"

/** `text` is a sentence without its full stop. Nanoseconds of the journal's time. */
export interface UnmatchedReply {
  readonly timeNanos: number
  readonly node: NodeId
  readonly text: string
}

/**
 * All of them, in the order in which they were sent. What answers a request that its client has given up, or an answer
 * that came twice, is none.
 */
export const unmatchedReplies = (journal: Journal): ReadonlyArray<UnmatchedReply> => {
  const found: Array<UnmatchedReply> = []
  const lastIds = new Map<NodeId, number>()
  for (const { event, message, timeNanos } of journal) {
    const { dest, src } = message
    if (event !== "send" || !(isClient(src) || isClient(dest))) {
      continue
    }
    // A body is parsed each time, and most of a journal goes between servers.
    const { body } = message
    if (isClient(src) && body.msg_id !== undefined) {
      lastIds.set(src, body.msg_id)
    } else if (isClient(dest)) {
      const reason = mismatch(dest, body, lastIds.get(dest))
      if (reason !== undefined) {
        found.push({ timeNanos, node: src, text: `${src} sent ${dest} ${named(body.type)} ${reason}` })
      }
    }
  }
  return found
}

/** Why a message answers no request of its client, whose requests have the ids from 1 to `lastId`. */
const mismatch = (dest: NodeId, body: Body, lastId: number | undefined): string | undefined => {
  const inReplyTo: unknown = body.in_reply_to
  const expected = lastId === undefined ? "" : `, expected "in_reply_to":${lastId}, the msg_id of its request`
  if (inReplyTo === undefined) {
    return `without in_reply_to${expected}`
  }
  if (!Integer.isInteger(inReplyTo)) {
    const kind = typeof inReplyTo === "string" ? "a string" : "which is no integer"
    return `with in_reply_to ${JSON.stringify(inReplyTo)}, ${kind}${expected}`
  }
  const id = Integer.fromJson(inReplyTo)
  return lastId !== undefined && id >= 1 && id <= lastId
    ? undefined
    : `to a request that ${dest} did not make, "in_reply_to":${id}${expected}`
}

const named = (type: unknown): string =>
  typeof type === "string" ? `${/^[aeio]/.test(type) ? "an" : "a"} ${type}` : "a message without a type"
