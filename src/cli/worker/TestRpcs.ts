/**
 * The calls that a worker thread answers: to run one test.
 */
import { Predicate, Schema, SchemaTransformation } from "effect"
import { Rpc, RpcGroup } from "effect/rpc"
import { CannotRun } from "../process/CannotRun.ts"
import * as TestReport from "../report/TestReport.ts"
import type { TestPlan } from "../test/TestPlan.ts"
import type { Output } from "../test/TestRun.ts"

// Both ends are this program, so that what arrives needs no check. It travels as JSON text because an exact number in a
// report, see `ExactNumber`, cannot be cloned into another thread.
const asText = <A extends object>(decode: (text: string) => unknown) =>
  Schema.String.pipe(
    Schema.decodeTo(
      Schema.declare((value): value is A => Predicate.isObject(value)),
      SchemaTransformation.transform({
        decode: (text: string) => decode(text) as A,
        encode: (value: A) => JSON.stringify(value)
      })
    )
  )

/** Runs one test. A thread is sent one at a time. */
export class TestRpcs extends RpcGroup.make(
  Rpc.make("run", {
    payload: { plan: asText<TestPlan>(JSON.parse), output: asText<Output>(JSON.parse) },
    success: TestReport.Line,
    error: CannotRun,
    // Says where in the thread it happened.
    defect: Schema.Defect({ includeStack: true })
  })
) {}
