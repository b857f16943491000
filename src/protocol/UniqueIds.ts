/**
 * The `unique-ids` workload.
 */
import { Schema } from "effect"
import * as Rpc from "./Rpc.ts"

/** Asks for a value that no node has ever answered before. It may be any JSON. */
export const Generate = Rpc.make("generate", { reply: { id: Schema.Json } })
