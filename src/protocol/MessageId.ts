/**
 * Message ids: the number that ties a reply to its request.
 */
import { Schema } from "effect"

/** An integer that is unique among the messages of the node that sent it. */
export const MessageId = Schema.Int.pipe(Schema.brand("MessageId"))
export type MessageId = typeof MessageId.Type
