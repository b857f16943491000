/**
 * A key-value store as a state machine: the states between which requests lead are immutable and share what they have
 * in common.
 *
 * Keys and values are any JSON, and the same if they have the same type and content, as Clojure's `=` has it. After
 * `maelstrom.service/PersistentKV`.
 */
import { HashMap, Option, type Schema } from "effect"
import * as KeyValue from "../../protocol/KeyValue.ts"
import type { Body } from "../../protocol/Message.ts"
import { KeyDoesNotExist, PreconditionFailed, toBody } from "../../protocol/RpcError.ts"
import { canonical, same } from "../json/JsonValue.ts"
import * as Edn from "../json/Edn.ts"
import type { Answer, Readers, StateMachine } from "./Service.ts"

/** The value of each key, under the key's {@link canonical} text. */
export type KeyValueStore = HashMap.HashMap<string, Schema.Json>

/** A request as the stores understand it. */
export type KeyValueRequest =
  | { readonly type: "read"; readonly key: Schema.Json }
  | { readonly type: "write"; readonly key: Schema.Json; readonly value: Schema.Json }
  | Cas

interface Cas {
  readonly type: "cas"
  readonly key: Schema.Json
  readonly from: Schema.Json
  readonly to: Schema.Json
  /** Any JSON: everything but `false` and `null` says yes. */
  readonly create_if_not_exists?: Schema.Json
}

/**
 * Reads a request as Maelstrom does, which refuses none: a field that is absent is null, and others are not looked at.
 * More lenient than `protocol/KeyValue.ts`, which is what our own nodes send.
 */
export const readers: Readers<KeyValueRequest> = {
  read: (body) => ({ type: "read", key: field(body, "key") }),
  write: (body) => ({ type: "write", key: field(body, "key"), value: field(body, "value") }),
  cas: (body) => ({
    type: "cas",
    key: field(body, "key"),
    from: field(body, "from"),
    to: field(body, "to"),
    create_if_not_exists: field(body, "create_if_not_exists")
  })
}

const field = (body: Body, name: string): Schema.Json => body[name] ?? null

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
  { create_if_not_exists = null, from, to }: Cas
): readonly [KeyValueStore, Answer] =>
  Option.match(HashMap.get(store, key), {
    onNone: () =>
      create_if_not_exists === null || create_if_not_exists === false
        ? [store, keyDoesNotExist]
        : [put(store, key, to), swapped],
    onSome: (current) =>
      same(current, from) ? [put(store, key, to), swapped] : [store, preconditionFailed(current, Edn.print(from))]
  })
