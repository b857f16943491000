/**
 * Messages: the envelope that every message travels in, and the keys that Maelstrom reserves in its body.
 *
 * From Maelstrom's `doc/protocol.md`, "Messages" and "Message Bodies".
 */
import { Predicate, Schema } from "effect"
import { MessageId } from "./MessageId.ts"
import { NodeId } from "./NodeId.ts"

const Reserved = Schema.Struct({
  type: Schema.String,
  msg_id: Schema.optionalKey(MessageId),
  in_reply_to: Schema.optionalKey(MessageId)
})

/**
 * A body: its `type`, the id under which its sender waits for a reply (`msg_id`), and the id of the request that it
 * answers (`in_reply_to`). All other keys belong to the message's type and are kept as they came: an RPC's schemas say
 * what they are.
 */
export type Body = typeof Reserved.Type & { readonly [key: string]: Schema.Json }

/**
 * Checks the reserved keys and passes the object on untouched: decoding every key of every message, only to have the
 * RPC decode it again, would cost a node a fifth of its throughput.
 */
export const Body = Schema.declare<Body>((u): u is Body => isReserved(u), {
  expected: "an object with a string type, and integers for msg_id and in_reply_to where present"
})

const isReserved = Schema.is(Reserved)

/**
 * A body of any form: what programs of others say among themselves is their own affair, and what they say to others is
 * judged by those. It passes for a {@link Body} where its reserved keys are not used.
 */
export const AnyBody = Schema.declare<Body>((u): u is Body => Predicate.isObject(u), { expected: "object" })

/**
 * A message on its way from `src` to `dest`. Maelstrom numbers the messages that it delivers with an `id` of its own,
 * which nodes neither set nor need.
 */
export const Message = Schema.Struct({
  id: Schema.optionalKey(Schema.Int),
  src: NodeId,
  dest: NodeId,
  body: Body
})
export type Message = typeof Message.Type
