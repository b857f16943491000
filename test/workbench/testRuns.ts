/**
 * Short tests of nodes in this process.
 */
import { Effect } from "effect"
import type { NodeLayer } from "../../src/services/NodeProgram.ts"
import { clientOperations } from "../../src/workbench/history/History.ts"
import * as InProcessTest from "../../src/workbench/run/InProcessTest.ts"
import { defaults, type TestOptions } from "../../src/workbench/run/TestOptions.ts"
import type { AnyWorkload } from "../../src/workbench/workloads/Workload.ts"

/** Runs a test with a few clients of a single node, unless `options` say otherwise. */
export const run = Effect.fnUntraced(function* (
  node: NodeLayer,
  workload: AnyWorkload,
  options: Partial<TestOptions> = {}
) {
  const settings = { ...defaults, nodeCount: 1, concurrency: 3, rate: 20, timeLimit: 5, recovery: 1, ...options }
  const record = yield* InProcessTest.run(node, workload, settings)
  return { ...record, operations: clientOperations(record.history) }
})

/** Seconds as nanoseconds, the unit of histories and journals. */
export const seconds = (count: number): number => count * 1e9
