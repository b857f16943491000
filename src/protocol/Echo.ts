/**
 * The `echo` workload.
 */
import { Schema } from "effect"
import * as Rpc from "./Rpc.ts"

/** Asks for the same payload back. */
export const Echo = Rpc.make("echo", {
  request: { echo: Schema.Json },
  reply: { echo: Schema.Json }
})
