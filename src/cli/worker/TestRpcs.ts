/**
 * The calls that a worker thread answers: to run one test.
 */
import { Schema } from "effect"
import { Rpc, RpcGroup } from "effect/rpc"
import { CannotRun } from "../process/CannotRun.ts"
import * as TestReport from "../report/TestReport.ts"
import { Output } from "../plan/Output.ts"
import { TestPlan } from "../plan/TestPlan.ts"
import { RunFailed } from "../report/RunFailed.ts"

/**
 * Runs one test. A thread is sent one at a time. The report travels as text, because an exact number in it, see
 * `ExactNumber`, cannot be cloned into another thread.
 */
export class TestRpcs extends RpcGroup.make(
  Rpc.make("run", {
    payload: { plan: TestPlan, output: Output },
    success: TestReport.Line,
    error: Schema.Union([CannotRun, RunFailed]),
    // Says where in the thread it happened.
    defect: Schema.Defect({ includeStack: true })
  })
) {}
