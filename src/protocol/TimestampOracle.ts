/**
 * The call of the timestamp oracle `lin-tso`.
 *
 * From Maelstrom's `doc/services.md`.
 */
import { Schema } from "effect"
import * as Rpc from "./Rpc.ts"

/** Asks for a timestamp: an integer above every one that was answered before this call began. */
export const Timestamp = Rpc.make("ts", { reply: { ts: Schema.Int } })
