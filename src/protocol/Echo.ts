/**
 * Messages of the `echo` workload: a payload that comes back.
 */
import { Schema } from "effect"
import * as Rpc from "./Rpc.ts"
import * as Rpcs from "./Rpcs.ts"

/** Asks for the same payload back. `Echo.echo`. */
const echo = Rpc.make("echo", {
  request: { echo: Schema.Json },
  reply: { echo: Schema.Json }
})

/** The calls of the workload. */
export const Echo = Rpcs.make(echo)
