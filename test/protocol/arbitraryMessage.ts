import { Arbitrary, Schema } from "effect"
import type { Message } from "../../src/protocol/Message.ts"
import { MessageId } from "../../src/protocol/MessageId.ts"
import { NodeId } from "../../src/protocol/NodeId.ts"
import { parsable } from "./parsable.ts"

const reserved = Schema.Struct({
  type: Schema.String,
  msg_id: Schema.optionalKey(MessageId),
  in_reply_to: Schema.optionalKey(MessageId)
})

const envelope = Schema.Struct({ id: Schema.optionalKey(Schema.Int), src: NodeId, dest: NodeId })

/** Messages with any payload, that come out of JSON text as they went in: without -0. */
export const arbitraryMessage: Arbitrary.Arbitrary<Message> = Arbitrary.map(
  parsable(Arbitrary.schema(Schema.Struct({ envelope, reserved, payload: Schema.Record(Schema.String, Schema.Json) }))),
  ({ envelope, payload, reserved }) =>
    JSON.parse(JSON.stringify({ ...envelope, body: { ...payload, ...reserved } })) as Message
)
