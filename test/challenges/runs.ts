/**
 * Short tests of challenges in the workbench.
 */
import { Effect } from "effect"
import type { NodeLayer } from "../../src/services/NodeProgram.ts"
import type { Official } from "../../src/challenges/Official.ts"
import * as InProcessTest from "../../src/workbench/run/InProcessTest.ts"
import { calls } from "../../src/workbench/history/History.ts"
import type { History } from "../../src/workbench/history/Operation.ts"
import * as TestOptions from "../../src/workbench/run/TestOptions.ts"
import { judge } from "../../src/workbench/run/TestResult.ts"
import type { AnyWorkload } from "../../src/workbench/workloads/Workload.ts"
import { type WorkloadName, workloads } from "../../src/workbench/workloads/Workloads.ts"

/** A network that loses, repeats and delays messages between servers, the store among them. */
export const unreliable = { loss: 0.05, duplicate: 0.2, reorder: 0.2 } as const

/** A network that loses messages. */
export const lossy = { loss: 0.05, duplicate: 0, reorder: 0 } as const

/** Runs a test and judges it; `workload` replaces the usual one of that name. */
export const run = Effect.fnUntraced(function* (
  layer: NodeLayer,
  name: WorkloadName,
  given: TestOptions.Settings,
  { workload = workloads[name], ...setting }: InProcessTest.Setting & { readonly workload?: AnyWorkload } = {}
) {
  const options = TestOptions.make(given)
  const record = yield* InProcessTest.run(layer, workload, options, setting)
  const { anomalies, warnings, results, valid } = judge(name, options, record)
  return {
    ...record,
    valid,
    results,
    /** What is wrong, also in the eyes of a strict judge, as one text each. */
    problems: [...anomalies, ...warnings].map(({ message, name }) => `${name}: ${message}`),
    okFraction: results.availability.okFraction,
    messagesPerOperation: results.net.servers.msgsPerOp!
  }
})

/** The options that a challenge's official flags stand for. */
export const official = ({ flags }: Official): TestOptions.Settings => ({
  nodeCount: flags.nodeCount,
  concurrency: flags.concurrency === "2n" ? 2 * flags.nodeCount : flags.nodeCount,
  timeLimit: `${flags.timeLimit} seconds`,
  rate: flags.rate ?? TestOptions.defaults.rate,
  nemesis: flags.nemesis === undefined ? [] : [flags.nemesis],
  availability: flags.availability ?? null,
  ...(flags.consistencyModels !== undefined && { consistencyModels: [flags.consistencyModels] })
})

/** The median of the milliseconds that operations of a kind took. */
export const medianMillis = (history: History, f: string): number => {
  const took = calls(history).flatMap(({ completion, invocation }) =>
    invocation.f === f && completion?.type === "ok" ? [(completion.time - invocation.time) / 1e6] : []
  )
  return took.toSorted((a, b) => a - b)[Math.floor(took.length / 2)]!
}

/** How many nodes crashed. */
export const crashes = (history: History): number =>
  history.filter(({ f, value }) => f === "start-crash" && Array.isArray(value)).length
