/**
 * Messages of the `kafka` workload: append-only logs, one per key, whose records have increasing offsets.
 */
import { Schema } from "effect"
import * as Rpc from "./Rpc.ts"
import * as Rpcs from "./Rpcs.ts"

/** The position of a record in its log: an integer from 0. Offsets may be sparse. */
export const Offset = Schema.Int.check(Schema.isGreaterThanOrEqualTo(0))

/** Offsets by key. */
export const Offsets = Schema.Record(Schema.String, Offset)
export type Offsets = typeof Offsets.Type

/** Appends a record to the log `key`. The reply is the offset that it was given. */
export const Send = Rpc.make("send", {
  request: { key: Schema.String, msg: Schema.Json },
  reply: { offset: Offset }
})

/** Asks for records of several logs, each from an offset on. The reply has `[offset, record]` pairs. */
export const Poll = Rpc.make("poll", {
  request: { offsets: Offsets },
  reply: { msgs: Schema.Record(Schema.String, Schema.Array(Schema.Tuple([Offset, Schema.Json]))) }
})

/** Says that a consumer is done with all records of a log up to and including an offset. */
export const CommitOffsets = Rpc.make("commit_offsets", { request: { offsets: Offsets } })

/** Asks for the committed offsets of several logs. Logs without one are left out of the reply. */
export const ListCommittedOffsets = Rpc.make("list_committed_offsets", {
  request: { keys: Schema.Array(Schema.String) },
  reply: { offsets: Offsets }
})

/** The calls of the workload. */
export const Kafka = Rpcs.make(Send, Poll, CommitOffsets, ListCommittedOffsets)
