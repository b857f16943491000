/**
 * Messages of the `unique-ids` workload: a request for an id.
 */
import { Schema } from "effect"
import * as Rpc from "./Rpc.ts"
import * as Rpcs from "./Rpcs.ts"

/** Asks for a value that no node has ever answered before. It may be any JSON. */
export const Generate = Rpc.make("generate", { reply: { id: Schema.Json } })

/** The calls of the workload. */
export const UniqueIds = Rpcs.make(Generate)
