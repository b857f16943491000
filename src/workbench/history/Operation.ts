/**
 * Operation: one entry of a history. A client (or the nemesis) begins an operation, or learns how it ended.
 *
 * A history is the whole input of a checker. The form is the one that Jepsen records, with keywords as plain
 * strings, so that a history of ours and one recorded from Maelstrom are read by the same code.
 */
import { Schema } from "effect"

/**
 * How an entry changes what is known of an operation: it begins (`invoke`), took place (`ok`), did not take place
 * (`fail`), or has an outcome that nobody knows (`info`).
 */
export const OperationType = Schema.Literals(["invoke", "ok", "fail", "info"])
export type OperationType = typeof OperationType.Type

/**
 * A history entry.
 *
 * - `index`: its place in the history, from 0 without gaps.
 * - `time`: nanoseconds since the beginning of the test.
 * - `process`: a logical client, or `"nemesis"`. After an `info` a client goes on under a new process number.
 * - `f` and `value`: what is done, and with what; their form belongs to the workload.
 * - `error`: why an operation failed or is unknown: a name (`"net-timeout"`), a pair `[name, text]`, or a text.
 * - `final`: it belongs to the final phase, after faults are healed and the network was left alone.
 * - `exception`: the client itself failed, so that the workload never saw a reply that it understands.
 *
 * Any further key is kept under its own name.
 */
export const Operation = Schema.StructWithRest(
  Schema.Struct({
    index: Schema.Int,
    time: Schema.Int,
    type: OperationType,
    process: Schema.Union([Schema.Int, Schema.Literal("nemesis")]),
    f: Schema.String,
    value: Schema.Unknown,
    error: Schema.optionalKey(Schema.Unknown),
    final: Schema.optionalKey(Schema.Boolean),
    exception: Schema.optionalKey(Schema.Boolean)
  }),
  [Schema.Record(Schema.String, Schema.Unknown)]
)
export type Operation = typeof Operation.Type

/** An entry that is passed on untouched: with all of its keys, and in their order, as the history has it. */
export const RecordedOperation = Schema.declare(Schema.is(Operation), { expected: "an entry of a history" })

/** The entries of one test run in the order in which they happened. */
export type History = ReadonlyArray<Operation>
