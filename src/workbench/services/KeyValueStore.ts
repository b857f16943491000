/**
 * A key-value store as a state machine: the states between which requests lead are immutable and share what they have
 * in common.
 *
 * Keys and values are any JSON, and the same if they have the same content, as Clojure's `=` has it, save that numbers
 * here have no type: `1` and `1.0` are one key. After `maelstrom.service/PersistentKV`.
 */
import { HashMap, Option, type Schema } from "effect"
import * as KeyValue from "../../protocol/KeyValue.ts"
import { KeyDoesNotExist, PreconditionFailed, toBody } from "../../protocol/RpcError.ts"
import { canonical, same } from "../json/JsonValue.ts"
import * as Edn from "../json/Edn.ts"
import type { Answer, ServiceRequest, StateMachine } from "./Service.ts"

/** The value of each key, under the key's {@link canonical} text. */
export type KeyValueStore = HashMap.HashMap<string, Schema.Json>

/** A request to a key-value store: `read`, `write` or `cas`. */
export type KeyValueRequest = ServiceRequest<typeof KeyValue.Read | typeof KeyValue.Write | typeof KeyValue.Cas>

type Cas = Extract<KeyValueRequest, { readonly type: "cas" }>

/** Starts with no keys. A write of the value that the key already has changes nothing, and so does such a cas. */
export const machine: StateMachine<KeyValueStore, KeyValueRequest> = {
  initial: HashMap.empty(),
  step: (store, request) => {
    const key = canonical(request.key)
    switch (request.type) {
      case "read":
        return [store, read(store, key)]
      case "write":
        return [put(store, key, request.value), written]
      case "cas":
        return cas(store, key, request)
    }
  }
}

/** What a write is answered. */
export const written: Answer = { type: KeyValue.Write.replyType }

/** What a cas is answered that took place. */
export const swapped: Answer = { type: KeyValue.Cas.replyType }

/** What a read is answered for a key's value. */
export const readAnswer = (value: Option.Option<Schema.Json>): Answer =>
  Option.match(value, {
    onNone: () => keyDoesNotExist,
    onSome: (value) => ({ type: KeyValue.Read.replyType, value })
  })

/** What is answered where there is no such key. */
export const keyDoesNotExist: Answer = toBody(new KeyDoesNotExist({ text: "key does not exist" }))

/**
 * What a cas is answered whose `from` is not the current value. `from` is a text, since services print it differently.
 */
export const preconditionFailed = (current: Schema.Json, from: string): Answer => ({
  ...preconditionFailedBody,
  text: `current value ${Edn.print(current)} is not ${from}`
})

const preconditionFailedBody = toBody(new PreconditionFailed({ text: "" }))

const read = (store: KeyValueStore, key: string) => readAnswer(HashMap.get(store, key))

const put = (store: KeyValueStore, key: string, value: Schema.Json): KeyValueStore =>
  Option.exists(HashMap.get(store, key), (current) => same(current, value)) ? store : HashMap.set(store, key, value)

const cas = (
  store: KeyValueStore,
  key: string,
  { create_if_not_exists, from, to }: Cas
): readonly [KeyValueStore, Answer] =>
  Option.match(HashMap.get(store, key), {
    onNone: () => (create_if_not_exists === true ? [put(store, key, to), swapped] : [store, keyDoesNotExist]),
    onSome: (current) =>
      same(current, from) ? [put(store, key, to), swapped] : [store, preconditionFailed(current, Edn.print(from))]
  })
