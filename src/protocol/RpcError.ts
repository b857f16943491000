/**
 * Error codes, and the errors that a node may answer a request with.
 *
 * An error is *definite* if the request certainly did not and will not take place, otherwise *indefinite*: it may have
 * taken place, may yet, or never will. Codes and meanings are from Maelstrom's `doc/protocol.md`, "Errors".
 */
import { Effect, Schema } from "effect"
import { Body } from "./Message.ts"

/**
 * What all errors carry: a text for people, and `details`: the keys of an error body that the protocol does not name.
 */
const fields = {
  text: Schema.String,
  details: Schema.Record(Schema.String, Schema.Json).pipe(Schema.withConstructorDefault(Effect.succeed({})))
}

/** 0, indefinite: no answer within the time that the caller was ready to wait. */
export class Timeout extends Schema.TaggedError<Timeout>()("Timeout", fields) {
  readonly code = 0
  readonly definite = false
  override readonly message = this.text
}

/**
 * 1, definite: there is no node of that name.
 *
 * @public
 */
export class NodeNotFound extends Schema.TaggedError<NodeNotFound>()("NodeNotFound", fields) {
  readonly code = 1
  readonly definite = true
  override readonly message = this.text
}

/** 10, definite: this node does not know that type of request. */
export class NotSupported extends Schema.TaggedError<NotSupported>()("NotSupported", fields) {
  readonly code = 10
  readonly definite = true
  override readonly message = this.text
}

/** 11, definite: not now, for instance because the node is not initialised or a peer was never reached. */
export class TemporarilyUnavailable extends Schema.TaggedError<TemporarilyUnavailable>()(
  "TemporarilyUnavailable",
  fields
) {
  readonly code = 11
  readonly definite = true
  override readonly message = this.text
}

/** 12, definite: the request's body is not what its type asks for. */
export class MalformedRequest extends Schema.TaggedError<MalformedRequest>()("MalformedRequest", fields) {
  readonly code = 12
  readonly definite = true
  override readonly message = this.text
}

/** 13, indefinite: something went wrong, and nobody knows how far the request had come. */
export class Crash extends Schema.TaggedError<Crash>()("Crash", fields) {
  readonly code = 13
  readonly definite = false
  override readonly message = this.text
}

/** 14, definite: the request was given up before it changed anything. */
export class Abort extends Schema.TaggedError<Abort>()("Abort", fields) {
  readonly code = 14
  readonly definite = true
  override readonly message = this.text
}

/** 20, definite: an operation on a key that there is not. */
export class KeyDoesNotExist extends Schema.TaggedError<KeyDoesNotExist>()("KeyDoesNotExist", fields) {
  readonly code = 20
  readonly definite = true
  override readonly message = this.text
}

/** 21, definite: a key was to be created that there already is. */
export class KeyAlreadyExists extends Schema.TaggedError<KeyAlreadyExists>()("KeyAlreadyExists", fields) {
  readonly code = 21
  readonly definite = true
  override readonly message = this.text
}

/** 22, definite: a condition of the request does not hold, for instance a compare-and-set's `from`. */
export class PreconditionFailed extends Schema.TaggedError<PreconditionFailed>()("PreconditionFailed", fields) {
  readonly code = 22
  readonly definite = true
  override readonly message = this.text
}

/** 30, definite: the transaction was aborted because it conflicts with another. */
export class TxnConflict extends Schema.TaggedError<TxnConflict>()("TxnConflict", fields) {
  readonly code = 30
  readonly definite = true
  override readonly message = this.text
}

/** Any other code. Those from 1000 on are free for everyone's use; what is not known is taken to be indefinite. */
export class CustomError extends Schema.TaggedError<CustomError>()("CustomError", { ...fields, code: Schema.Int }) {
  readonly definite = false
  override readonly message = this.text
}

const standardErrors = [
  Timeout,
  NodeNotFound,
  NotSupported,
  TemporarilyUnavailable,
  MalformedRequest,
  Crash,
  Abort,
  KeyDoesNotExist,
  KeyAlreadyExists,
  PreconditionFailed,
  TxnConflict
] as const

/** Everything that a request can be answered with instead of its reply. */
export const RpcError = Schema.Union([...standardErrors, CustomError])
export type RpcError = typeof RpcError.Type

/** The body of an error reply without its `in_reply_to`. The text is optional, as the protocol has it. */
export const ErrorBody = Schema.StructWithRest(
  Schema.Struct({
    type: Schema.Literal("error"),
    code: Schema.Int,
    text: Schema.optionalKey(Schema.String)
  }),
  [Schema.Record(Schema.String, Schema.Json)]
)
export type ErrorBody = typeof ErrorBody.Type

const byCode = new Map(standardErrors.map((error) => [new error({ text: "" }).code as number, error]))

/** The error that an error body stands for. Keys that are neither reserved nor code and text go to `details`. */
export const fromBody = (body: ErrorBody): RpcError => {
  const { code, text = "", type: _type, msg_id: _msgId, in_reply_to: _inReplyTo, ...details } = body
  const Standard = byCode.get(code)
  return Standard === undefined ? new CustomError({ code, text, details }) : new Standard({ text, details })
}

/** The body that tells a caller of an error. The inverse of {@link fromBody}. */
export const toBody = (error: RpcError): ErrorBody & Body => ({
  ...error.details,
  type: "error",
  code: error.code,
  text: error.text
})
