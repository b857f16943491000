/**
 * Messages of the `txn-rw-register` workload: transactions of reads and writes over registers.
 */
import { Schema } from "effect"
import * as Rpc from "./Rpc.ts"
import * as Rpcs from "./Rpcs.ts"

const Write = Schema.Tuple([Schema.Literal("w"), Schema.Json, Schema.Json])

/** A micro-operation as it is asked for: `["r", key, null]` or `["w", key, value]`. */
export const MicroOperation = Schema.Union([Schema.Tuple([Schema.Literal("r"), Schema.Json, Schema.Null]), Write])
export type MicroOperation = typeof MicroOperation.Type

/** A micro-operation as it took place: `["r", key, value]` (null for a key without one) or `["w", key, value]`. */
export const CompletedMicroOperation = Schema.Union([
  Schema.Tuple([Schema.Literal("r"), Schema.Json, Schema.Json]),
  Write
])
export type CompletedMicroOperation = typeof CompletedMicroOperation.Type

/**
 * Runs micro-operations in order as one transaction. The reply is the same list with the reads filled in. `Txn.txn`.
 */
const txn = Rpc.make("txn", {
  request: { txn: Schema.Array(MicroOperation) },
  reply: { txn: Schema.Array(CompletedMicroOperation) }
})

/** The calls of the workload. */
export const Txn = Rpcs.make(txn)
