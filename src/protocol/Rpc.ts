/**
 * A remote procedure call as one value, so that neither a handler nor a caller can pair a request with the wrong reply.
 *
 * Why not `effect/rpc`, which could be given a protocol that carries Maelstrom's envelope: there, the errors of a call
 * are a schema of its own, inside an encoded exit, where Maelstrom has one table of numbered codes, each definite or
 * indefinite, for all calls and for its services. And its server does more for each request than these calls have use
 * for (headers, streams and their acknowledgements, middleware), on the path that decides how many requests per second
 * a node answers. A call here is its two schemas; a group of calls (`Rpcs`) has the form of Effect's `RpcGroup`.
 */
import { Schema } from "effect"

/**
 * A call named `type`. `request` and `reply` are the payloads: the body without the keys that the protocol reserves
 * (`type`, `msg_id`, `in_reply_to`). Keys that the schemas do not name are tolerated.
 */
export interface Rpc<
  Type extends string = string,
  Request extends Schema.Struct.Fields = Schema.Struct.Fields,
  Reply extends Schema.Struct.Fields = Schema.Struct.Fields
> {
  readonly type: Type
  readonly replyType: `${Type}_ok`
  readonly request: Schema.Struct<Request>
  readonly reply: Schema.Struct<Reply>
}

/**
 * Any call whose payloads need no services to be decoded and encoded, which holds for all of Maelstrom's.
 */
export interface AnyRpc {
  readonly type: string
  readonly replyType: string
  readonly request: Schema.Codec<unknown, unknown>
  readonly reply: Schema.Codec<unknown, unknown>
}

/** The decoded payload of an RPC's request. */
export type Request<R extends AnyRpc> = R["request"]["Type"]

/** The decoded payload of an RPC's reply. */
export type Reply<R extends AnyRpc> = R["reply"]["Type"]

/**
 * Makes an RPC from its name and payload fields. The reply is named as Maelstrom names it: the request's type with
 * `_ok` behind it.
 *
 * ```ts
 * const Echo = Rpc.make("echo", { request: { echo: Schema.Json }, reply: { echo: Schema.Json } })
 * ```
 */
export const make = <
  const Type extends string,
  const Request extends Schema.Struct.Fields = {},
  const Reply extends Schema.Struct.Fields = {}
>(
  type: Type,
  payload: { readonly request?: Request; readonly reply?: Reply } = {}
): Rpc<Type, Request, Reply> => ({
  type,
  replyType: `${type}_ok`,
  request: Schema.Struct(payload.request ?? ({} as Request)),
  reply: Schema.Struct(payload.reply ?? ({} as Reply))
})
