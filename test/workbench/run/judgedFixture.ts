/**
 * Short tests of fixtures as processes.
 */
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Effect } from "effect"
import * as ProcessTest from "../../../src/workbench/run/ProcessTest.ts"
import * as TestOptions from "../../../src/workbench/run/TestOptions.ts"
import { judge } from "../../../src/workbench/run/TestResult.ts"
import { workloads, type WorkloadName } from "../../../src/workbench/workloads/Workloads.ts"
import { fixture } from "../nodes/processCluster.ts"

/** Runs a fixture as every node of a short test, and judges it. */
export const judged = Effect.fnUntraced(function* <Name extends WorkloadName>(
  workload: Name,
  script: string,
  settings: TestOptions.Settings = {},
  ...args: ReadonlyArray<string>
) {
  const options = TestOptions.make({ timeLimit: "1 second", rate: 50, recovery: "500 millis", ...settings })
  const program = { bin: process.execPath, args: [fixture(script), ...args] }
  return judge(workload, options, yield* ProcessTest.run(program, workloads[workload], options))
}, Effect.provide(NodeServices.layer))

/** One node and several clients of it. */
export const single = { nodeCount: 1, concurrency: 4 }
