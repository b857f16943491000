/**
 * Decodes what a node prints on its stdout: one message per line, and nothing else.
 */
import { Cause, Exit, Predicate, Result, Schema } from "effect"
import { excerpt } from "../../../protocol/Excerpt.ts"
import { explain } from "../../../protocol/Malformed.ts"
import type { Body, Message } from "../../../protocol/Message.ts"
import { NodeId } from "../../../protocol/NodeId.ts"
import { parse } from "../../json/ExactNumber.ts"

/**
 * The message that a node sends with a line, or what is wrong with the line, as the end of a sentence about the node.
 *
 * As strict as Maelstrom about the envelope, which has `src`, `dest`, `body` and perhaps an integer `id`, and as
 * lenient about the body, which may be any object: what nodes say among themselves is their own affair, and what they
 * say to others is judged by those. Stricter than Maelstrom about `src`, which there may be any name on the network.
 */
export const decodeLine = (id: NodeId, line: string): Result.Result<Message, string> => {
  const json = Result.try(() => parse(line))
  if (Result.isFailure(json)) {
    return Result.fail(
      `printed a line on stdout that is not JSON (what is meant for people belongs on stderr): ${excerpt(line)}`
    )
  }
  const message = decodeEnvelope(json.success)
  if (Exit.isFailure(message)) {
    return Result.fail(
      `printed JSON on stdout that is not a message: ${explain(Cause.squash(message.cause))}: ${excerpt(line)}`
    )
  }
  const { src } = message.value
  return src === id
    ? Result.succeed(message.value)
    : Result.fail(`sent a message in another's name: expected "src":"${id}", got "src":"${src}": ${excerpt(line)}`)
}

const Envelope = Schema.Struct({
  id: Schema.optionalKey(Schema.Int),
  src: NodeId,
  dest: NodeId,
  body: Schema.declare<Body>((u): u is Body => Predicate.isObject(u), { expected: "object" })
})

const decodeEnvelope = Schema.decodeUnknownExit(Envelope, { onExcessProperty: "error" })
