/**
 * The calls of the key-value services `seq-kv`, `lin-kv` and `lww-kv`.
 *
 * From Maelstrom's `doc/services.md`.
 */
import { Schema } from "effect"
import * as Rpc from "./Rpc.ts"

/** Asks for the value of a key. Fails with `KeyDoesNotExist`. */
export const Read = Rpc.make("read", { request: { key: Schema.Json }, reply: { value: Schema.Json } })

/** Sets the value of a key, whether or not it had one. */
export const Write = Rpc.make("write", { request: { key: Schema.Json, value: Schema.Json } })

/**
 * Sets the value of a key to `to` if it is `from`. Fails with `PreconditionFailed` if it is another, and with
 * `KeyDoesNotExist` if there is none, unless `create_if_not_exists` says to create it.
 */
export const Cas = Rpc.make("cas", {
  request: {
    key: Schema.Json,
    from: Schema.Json,
    to: Schema.Json,
    create_if_not_exists: Schema.optionalKey(Schema.NullOr(Schema.Boolean))
  }
})
