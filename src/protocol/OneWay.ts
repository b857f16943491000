/**
 * A one-way message (a cast, in Erlang's word) as one value: a name and the schema of a payload, and no reply.
 *
 * Use it where nobody waits for an answer: for gossip, whose loss later messages make up for. Where a sender waits for
 * an acknowledgement, even an empty one, use an `Rpc`.
 */
import { type Effect, Schema } from "effect"
import type { Message } from "./Message.ts"

/**
 * A message named `type`. `payload` is the body without the keys that the protocol reserves; keys that the schema does
 * not name are tolerated. It travels without a `msg_id`, and is delivered at most once as long as the network does not
 * repeat it.
 */
export interface OneWay<Type extends string = string, Fields extends Schema.Struct.Fields = Schema.Struct.Fields> {
  readonly type: Type
  readonly payload: Schema.Struct<Fields>
}

/** Any one-way message whose payload needs no services to be decoded and encoded. */
export interface AnyOneWay {
  readonly type: string
  readonly payload: Schema.Codec<unknown, unknown>
}

/** The decoded payload of a one-way message. */
export type Payload<M extends AnyOneWay> = M["payload"]["Type"]

/**
 * What is done with a one-way message. The envelope tells who sent it. There is no error to fail with, since there is
 * nobody to hear of it.
 */
export type Receiver<M extends AnyOneWay, Env = never> = (
  payload: Payload<M>,
  message: Message
) => Effect.Effect<void, never, Env>

/**
 * Makes a one-way message from its name and the fields of its payload.
 *
 * ```ts
 * const News = OneWay.make("news", { value: Schema.Json })
 * yield* node.receive(News, ({ value }) => learn(value))
 * yield* node.send(News, peer, { value: 7 })
 * ```
 */
export const make = <const Type extends string, const Fields extends Schema.Struct.Fields = {}>(
  type: Type,
  fields: Fields = {} as Fields
): OneWay<Type, Fields> => ({ type, payload: Schema.Struct(fields) })
