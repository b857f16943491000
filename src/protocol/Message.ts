/**
 * The envelope that every message travels in, and the keys that Maelstrom reserves in its body.
 *
 * From Maelstrom's `doc/protocol.md`, "Messages" and "Message Bodies".
 */
import { Schema } from "effect"
import { MessageId } from "./MessageId.ts"
import { NodeId } from "./NodeId.ts"

/**
 * A body: its `type`, the id under which its sender waits for a reply (`msg_id`), and the id of the request that it
 * answers (`in_reply_to`). All other keys belong to the message's type and are kept as they came.
 */
export const Body = Schema.StructWithRest(
  Schema.Struct({
    type: Schema.String,
    msg_id: Schema.optionalKey(MessageId),
    in_reply_to: Schema.optionalKey(MessageId)
  }),
  [Schema.Record(Schema.String, Schema.Json)]
)
export type Body = typeof Body.Type

/**
 * A message on its way from `src` to `dest`. Maelstrom numbers the messages that it delivers with an `id` of its own,
 * which nodes neither set nor need. Further keys of the envelope are kept.
 */
export const Message = Schema.StructWithRest(
  Schema.Struct({
    id: Schema.optionalKey(Schema.Int),
    src: NodeId,
    dest: NodeId,
    body: Body
  }),
  [Schema.Record(Schema.String, Schema.Json)]
)
export type Message = typeof Message.Type

/** One line of JSON, as messages are written on stdin and stdout. */
export const MessageLine = Schema.fromJsonString(Message)
