/**
 * Operations as Jepsen prints them in its results.
 */
import { Predicate, Schema, SchemaTransformation } from "effect"
import { type Operation, OperationType } from "../history/Operation.ts"
import type { JsonObject, Results } from "../json/JepsenKeys.ts"

/** An operation as plain data under Jepsen's keys. */
export const jepsenOperation = (operation: PrintedOperation | Operation): JsonObject => {
  const { final, ...fields } = operation
  return { ...fields, ...(final === undefined ? {} : { "final?": final }) }
}

const isPrinted = Schema.is(
  Schema.Struct({
    index: Schema.Int,
    time: Schema.Int,
    type: OperationType,
    process: Schema.Union([Schema.Int, Schema.String]),
    f: Schema.String
  })
)

/** An operation in results. Maelstrom's have further keys, such as an exception with its stack trace. */
export interface PrintedOperation {
  readonly index: number
  readonly time: number
  readonly type: OperationType
  readonly process: number | string
  readonly f: string
  readonly value?: unknown
  readonly final?: boolean
  readonly [key: string]: unknown
}

/** Keeps every key, in its place, but for `final`, which is `final?` for Jepsen. */
export const JepsenOperation: Results<PrintedOperation> = Schema.Record(Schema.String, Schema.Unknown).pipe(
  Schema.decodeTo(
    Schema.declare((value): value is PrintedOperation => isPrinted(value), { expected: "an operation" }),
    SchemaTransformation.transform<PrintedOperation, JsonObject>({
      decode: ({ "final?": final, ...fields }) =>
        (Predicate.isBoolean(final) ? { ...fields, final } : fields) as PrintedOperation,
      encode: jepsenOperation
    })
  )
)
