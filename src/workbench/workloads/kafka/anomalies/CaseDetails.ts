/**
 * Names of the anomalies of logs, and what results tell of each case of one.
 */
import { Schema } from "effect"
import { JepsenOperation } from "../../../checkers/JepsenOperation.ts"
import * as Integer from "../../../json/Integer.ts"

/** An operation: ours is named by its index in the history, Maelstrom's is printed. null: nobody knows. */
const OperationName = Schema.NullOr(Schema.Union([Schema.Int, JepsenOperation]))

const key = Schema.String
const value = Schema.Unknown
const values = Schema.Array(value)
const offset = Integer.Json
/** How far the second of two records is behind the first, in records of the log. */
const delta = Schema.Int
const op = OperationName
const ops = Schema.Array(OperationName)

const Skip = Schema.Struct({ key, delta, skipped: values, ops })
const InternalSkip = Schema.Struct({ key, values, delta, skipped: values, op })
const InternalStepBack = Schema.Struct({ key, values, delta, op })
const Read = Schema.Struct({ key, value, writer: OperationName, reader: OperationName })

/** What Maelstrom looks for, under its names, with its fields. */
export const maelstromCases = {
  duplicate: Schema.Struct({ key, value, count: Schema.Int, offsets: Schema.Array(offset) }),
  G1a: Read,
  "G1c-realtime": Read,
  "inconsistent-offsets": Schema.Struct({ key, offset, index: Schema.Int, values }),
  "int-nonmonotonic-poll": InternalStepBack,
  "int-nonmonotonic-send": InternalStepBack,
  "int-poll-skip": InternalSkip,
  "int-send-skip": InternalSkip,
  "lost-write": Schema.Struct({
    key,
    value,
    index: Schema.Int,
    "max-read-index": Schema.Int,
    writer: OperationName,
    "max-read": OperationName
  }),
  // Without values where an empty poll lies between the two, across which Maelstrom does not look.
  "nonmonotonic-poll": Schema.Struct({
    key,
    values: Schema.optionalKey(values),
    delta: Schema.optionalKey(delta),
    ops
  }),
  "nonmonotonic-send": Schema.Struct({ key, values, delta, ops }),
  "poll-skip": Skip,
  "precommitted-read": Schema.Struct({ key, value, op }),
  unseen: Schema.Struct({ key, value })
} as const

/** What only ours looks for: `garbage-read`, on which Maelstrom's checker throws, and the others under `--strict`. */
export const ownCases = {
  "garbage-read": Schema.Struct({ key, value, reader: OperationName }),
  "commit-skip": Skip,
  "lost-commit": Schema.Struct({ key, committed: offset, listed: Schema.NullOr(offset), ops }),
  "malformed-value": Schema.Struct({ op }),
  "nonmonotonic-commit": Schema.Struct({ key, listed: Schema.Array(Schema.NullOr(offset)), ops }),
  "phantom-commit": Schema.Struct({ key, committed: offset, op }),
  "unanswered-final-list": Schema.Struct({ op }),
  "unassigned-poll": Schema.Struct({ key, ops })
} as const

type Cases = typeof maelstromCases & typeof ownCases

/** The name of an anomaly, as in results. */
export type AnomalyType = keyof Cases

/** What is told of one case: the fields that Maelstrom gives for it. */
export type CaseDetails<Type extends AnomalyType> = Cases[Type]["Type"]
