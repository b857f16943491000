/**
 * Decodes what a node prints on its stdout: one message per line, and nothing else.
 */
import { Cause, Exit, Result, Schema } from "effect"
import { excerpt } from "../../../protocol/Excerpt.ts"
import { explain } from "../../../protocol/Malformed.ts"
import { AnyBody, type Message } from "../../../protocol/Message.ts"
import { NodeId } from "../../../protocol/NodeId.ts"
import { parse } from "../../json/ExactNumber.ts"
import * as Integer from "../../json/Integer.ts"

/**
 * The message that a node sends with a line, or what is wrong with the line, as the end of a sentence about the node.
 *
 * As strict as Maelstrom about the envelope, which has `src`, `dest`, `body` and perhaps an integer `id`, and as
 * lenient about the body, which may be any object: what nodes say among themselves is their own affair, and what they
 * say to others is judged by those. Stricter than Maelstrom about `src`, which there may be any name on the network,
 * about a `body` that is missing or null, and about a line that goes on behind its message, of which Maelstrom reads
 * the first alone.
 */
export const decodeLine = (id: NodeId, line: string): Result.Result<Message, string> => {
  if (isDeep(line)) {
    return Result.fail(`printed a line on stdout that is nested more than ${deepest} levels deep: ${excerpt(line)}`)
  }
  const json = Result.try(() => parse(line))
  if (Result.isFailure(json)) {
    return Result.fail(
      holdsSeveral(line)
        ? `printed several messages in one line on stdout, where a newline has to end each: ${excerpt(line)}`
        : `printed a line on stdout that is not JSON (what is meant for people belongs on stderr): ${excerpt(line)}`
    )
  }
  const message = decodeEnvelope(json.success)
  if (Exit.isFailure(message)) {
    return Result.fail(
      `printed JSON on stdout that is not a message: ${explain(Cause.squash(message.cause))}: ${excerpt(line)}`
    )
  }
  // The network numbers messages itself.
  const { body, dest, src } = message.value
  return src === id
    ? Result.succeed({ src, dest, body })
    : Result.fail(`sent a message in another's name: expected "src":"${id}", got "src":"${src}": ${excerpt(line)}`)
}

/** How deep Maelstrom's parser follows. Far deeper, and neither the network nor the checkers could. */
const deepest = 1000

/** Brackets in strings do not count. A regular expression takes ten times as long for a list of lists. */
const isDeep = (line: string): boolean => {
  if (line.length <= 2 * deepest) {
    return false
  }
  let depth = 0
  let inString = false
  for (let at = 0; at < line.length; at++) {
    const character = line[at]
    if (character === '"') {
      inString = !inString
    } else if (inString) {
      at += character === "\\" ? 1 : 0
    } else if (character === "[" || character === "{") {
      depth++
    } else if (character === "]" || character === "}") {
      depth--
    }
    if (depth > deepest) {
      return true
    }
  }
  return false
}

const holdsSeveral = (line: string): boolean => {
  const end = line.search(/\}\s*\{/) + 1
  return end > 0 && Result.isSuccess(Result.try(() => parse(line.slice(0, end))))
}

/** Keeps an eye on what is printed, and tells what of it is no line yet. */
export interface Unfinished {
  /** Takes note of the next piece of text, which it returns. */
  readonly note: (text: string) => string

  /** What is odd about all that was printed, as the end of a sentence about the node. */
  readonly complaint: () => string | undefined
}

/** Starts with nothing printed. */
export const makeUnfinished = (): Unfinished => {
  let printed = false
  let begin = ""
  let length = 0
  return {
    note: (text) => {
      const end = text.lastIndexOf("\n") + 1
      const rest = text.length - end
      printed ||= text.length > 0
      begin = end > 0 ? text.slice(end, end + shownBeginning) : (begin + text).slice(0, shownBeginning)
      length = end > 0 ? rest : length + rest
      return text
    },
    complaint: () => {
      if (!printed) {
        return "has printed nothing on stdout: output that is buffered has to be flushed after each message"
      }
      return length === 0
        ? undefined
        : `has printed ${length} characters on stdout that no newline ends, as each message has to end: ${begin}${length > begin.length ? "…" : ""}`
    }
  }
}

/** How many characters of an unfinished line are shown. */
const shownBeginning = 200

const Envelope = Schema.Struct({
  id: Schema.optionalKey(Integer.Json),
  src: NodeId,
  dest: NodeId,
  body: AnyBody
})

const decodeEnvelope = Schema.decodeUnknownExit(Envelope, { onExcessProperty: "error" })
