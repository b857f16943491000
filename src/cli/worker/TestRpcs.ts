/**
 * The calls that a worker thread answers: to run one test.
 */
import { Predicate, Schema, SchemaTransformation } from "effect"
import { Rpc, RpcGroup } from "effect/rpc"
import { parse } from "../../workbench/json/ExactNumber.ts"
import { TestOptions } from "../../workbench/run/TestOptions.ts"
import { CannotRun } from "../process/CannotRun.ts"
import type { TestReport } from "../report/TestReport.ts"
import type { TestPlan } from "../test/TestPlan.ts"
import type { Output } from "../test/TestRun.ts"

// Both ends are this program, so that what arrives needs no check. It travels as JSON text because an exact number in a
// report, see `ExactNumber`, cannot be cloned into another thread.
const asText = <A extends object>(
  decode: (text: string) => unknown,
  encode: (value: A) => string = (value) => JSON.stringify(value)
) =>
  Schema.String.pipe(
    Schema.decodeTo(
      Schema.declare((value): value is A => Predicate.isObject(value)),
      SchemaTransformation.transform({
        decode: (text: string) => decode(text) as A,
        encode
      })
    )
  )

const decodePlan = (text: string): TestPlan => {
  const plan = JSON.parse(text) as Omit<TestPlan, "options"> & { readonly options: typeof TestOptions.Encoded }
  return { ...plan, options: Schema.decodeSync(TestOptions)(plan.options) }
}

const encodePlan = (plan: TestPlan): string =>
  JSON.stringify({ ...plan, options: Schema.encodeSync(TestOptions)(plan.options) })

/** Runs one test. A thread is sent one at a time. */
export class TestRpcs extends RpcGroup.make(
  Rpc.make("run", {
    payload: { plan: asText<TestPlan>(decodePlan, encodePlan), output: asText<Output>(JSON.parse) },
    success: asText<TestReport>(parse),
    error: CannotRun,
    // Says where in the thread it happened.
    defect: Schema.Defect({ includeStack: true })
  })
) {}
