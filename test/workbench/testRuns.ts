/**
 * Short tests of nodes in this process.
 */
import { Effect } from "effect"
import type { NodeLayer } from "../../src/services/NodeProgram.ts"
import { clientOperations } from "../../src/workbench/history/History.ts"
import * as InProcessTest from "../../src/workbench/run/InProcessTest.ts"
import * as TestOptions from "../../src/workbench/run/TestOptions.ts"
import type { AnyWorkload } from "../../src/workbench/workloads/Workload.ts"

/** Runs a test with a few clients of a single node, unless `options` say otherwise. */
export const run = Effect.fnUntraced(function* (
  node: NodeLayer,
  workload: AnyWorkload,
  options: TestOptions.Settings = {}
) {
  const settings = TestOptions.make({
    nodeCount: 1,
    concurrency: 3,
    rate: 20,
    timeLimit: "5 seconds",
    recovery: "1 second",
    ...options
  })
  const record = yield* InProcessTest.run(node, workload, settings)
  return { ...record, operations: clientOperations(record.history) }
})

/** Seconds as nanoseconds, the unit of histories and journals. */
export const seconds = (count: number): number => count * 1e9
