/**
 * Messages of the `g-counter` and `pn-counter` workloads: the same calls, but only the latter sends negative deltas.
 */
import { Schema } from "effect"
import * as Rpc from "./Rpc.ts"
import * as Rpcs from "./Rpcs.ts"

/** Adds `delta` to the counter. */
export const Add = Rpc.make("add", { request: { delta: Schema.Int } })

/** Asks for the sum of all deltas that this node knows of. */
export const Read = Rpc.make("read", { reply: { value: Schema.Int } })

/** The calls of both workloads. */
export const Counter = Rpcs.make(Add, Read)
