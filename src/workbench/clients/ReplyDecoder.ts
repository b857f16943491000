/**
 * Decodes replies, and says of one that is refused which message it is, and of each field that is wrong what was
 * expected and what came.
 */
import { Exit, Predicate, Result, Schema, SchemaIssue } from "effect"
import { truncate } from "../../protocol/Excerpt.ts"
import { renderPath } from "../../protocol/Malformed.ts"
import type { Body } from "../../protocol/Message.ts"
import type { NodeId } from "../../protocol/NodeId.ts"
import type { AnyRpc, Reply } from "../../protocol/Rpc.ts"

/**
 * The payload of a node's reply to a call, or what is wrong with it in one line. Keys that the call does not name are
 * wrong.
 */
export const decode = <R extends AnyRpc>(rpc: R, node: NodeId, body: Body): Result.Result<Reply<R>, string> => {
  const { in_reply_to: _inReplyTo, type, ...payload } = body
  if (type !== rpc.replyType) {
    return Result.fail(`reply of ${node} to ${rpc.type}: ${wrong("type", type, JSON.stringify(rpc.replyType))}`)
  }
  const decoded = Schema.decodeUnknownExit(rpc.reply, { onExcessProperty: "error" })(payload)
  return Exit.isSuccess(decoded)
    ? Result.succeed(decoded.value as Reply<R>)
    : Result.fail(`${type} of ${node}: ${explain(rpc, payload)}`)
}

/** How many wrong fields are shown. */
const shown = 3

/** Every wrong field, which takes longer than to find the first. */
const explain = ({ reply }: AnyRpc, payload: unknown): string =>
  Result.match(Schema.decodeUnknownResult(reply, { onExcessProperty: "error", errors: "all" })(payload), {
    onSuccess: () => "",
    onFailure: ({ issue }) => {
      const { issues } = format(issue)
      // What is unknown comes last: most often it is what is missing, under another name.
      const problems = [
        ...issues
          .filter(({ message }) => message !== unknown)
          .map(({ message, path = [] }) =>
            wrong(renderPath(path), at(payload, path), message.replace(/^Expected /, ""))
          ),
        ...issues
          .filter(({ message }) => message === unknown)
          .map(({ path = [] }) => `${renderPath(path)} is unknown, got ${text(at(payload, path))}`)
      ]
      const more = problems.length - shown
      return [...problems.slice(0, shown), ...(more > 0 ? [`and ${more} more`] : [])].join("; ")
    }
  })

/** The message of a key that the call does not name. */
const unknown = "unknown"

const format = SchemaIssue.makeFormatterStandardSchemaV1({
  leafHook: (issue) => {
    if (issue._tag === "UnexpectedKey") {
      return unknown
    }
    // Effect's own words leave this out for objects and tuples.
    const expected = issue._tag === "InvalidType" ? issue.ast.annotations?.["expected"] : undefined
    return Predicate.isString(expected) ? expected : SchemaIssue.defaultLeafHook(issue)
  }
})

const wrong = (field: string, value: unknown, expected: string): string =>
  `${field} is ${value === undefined ? "missing" : text(value)}, expected ${expected}`

const text = (value: unknown): string => truncate(JSON.stringify(value), 80)

type Path = ReadonlyArray<PropertyKey | { readonly key: PropertyKey }>

const at = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>((inner, step) => {
    const key = typeof step === "object" ? step.key : step
    return Predicate.hasProperty(inner, key) ? inner[key] : undefined
  }, value)
