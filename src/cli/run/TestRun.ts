/**
 * Carries out a plan: runs the test, judges it, and keeps what it left behind.
 */
import { Clock, Console, Effect, Layer, type SubscriptionRef } from "effect"
import { withAborts } from "../../challenges/transactions/AbortRate.ts"
import { Durability } from "../../services/Durability.ts"
import * as InProcessTest from "../../workbench/run/InProcessTest.ts"
import { idleFaults } from "../../workbench/nemesis/IdleFaults.ts"
import type { Journal } from "../../workbench/network/Journal.ts"
import { NodeFailed } from "../../workbench/nodes/NodeHost.ts"
import * as ProcessTest from "../../workbench/run/ProcessTest.ts"
import * as RunFolder from "../../workbench/run/RunFolder.ts"
import type { Progress } from "../../workbench/run/TestProgram.ts"
import { judge } from "../../workbench/run/TestResult.ts"
import { workloads } from "../../workbench/workloads/Workloads.ts"
import * as ChallengeLookup from "../flags/ChallengeLookup.ts"
import { CannotRun } from "../process/CannotRun.ts"
import * as Evidence from "../../workbench/run/Evidence.ts"
import { build } from "../process/Version.ts"
import type { Output } from "../plan/Output.ts"
import type { LayerNodes, ProcessNodes, TestPlan } from "../plan/TestPlan.ts"
import { RunFailed } from "../report/RunFailed.ts"
import * as TestReport from "../report/TestReport.ts"

/**
 * Runs one test, while `progress` says how far it has come. Fails with `RunFailed` if a node of it fails, and with
 * `CannotRun` if no such test can be run.
 */
export const run = Effect.fn("TestRun.run")(
  function* (plan: TestPlan, output: Output, progress?: SubscriptionRef.SubscriptionRef<Progress>) {
    const beganMillis = yield* Clock.currentTimeMillis
    const { folder, record } = yield* plan.nodes.kind === "layer"
      ? inProcess(plan, plan.nodes, output, progress)
      : asProcesses(plan, plan.nodes, output, progress)
    yield* printMessages(record.journal, output)
    const result = judge(plan.workload, plan.options, record, { limits: plan.limits ?? undefined, strict: plan.strict })
    const setting = { ...record, ...plan.options, setup: workloads[plan.workload].setup?.call.type }
    const report: TestReport.TestReport = {
      challenge: plan.challenge,
      workload: plan.workload,
      strategy: plan.nodes.kind === "layer" ? plan.nodes.strategy : null,
      seed: plan.seed,
      valid: result.valid,
      wallMillis: (yield* Clock.currentTimeMillis) - beganMillis,
      results: result.results,
      limits: result.limits,
      strict: plan.strict,
      warnings: Evidence.select(result.warnings, setting),
      anomalies: Evidence.select(result.anomalies, setting),
      idleFaults: idleFaults(record.history),
      nodes: plan.nodes,
      options: plan.options,
      ...build
    }
    if (output.keep === "invalid" && report.valid) {
      if (folder !== undefined) {
        yield* RunFolder.removeFolder(folder)
      }
      return report
    }
    const stored = folder ?? (yield* RunFolder.makeFolder(output.directory, plan.workload, plan.seed))
    yield* RunFolder.write(stored, record, TestReport.toJson(report))
    return { ...report, stored }
  },
  (effect, plan) =>
    Effect.mapError(effect, (error) =>
      error instanceof CannotRun
        ? error
        : error instanceof NodeFailed
          ? RunFailed.because(plan, error)
          : CannotRun.because(error)
    )
)

const inProcess = Effect.fnUntraced(function* (
  { challenge: id, options, workload }: TestPlan,
  nodes: LayerNodes,
  { logs }: Output,
  progress: SubscriptionRef.SubscriptionRef<Progress> | undefined
) {
  const strategy = yield* ChallengeLookup.strategy(yield* ChallengeLookup.challenge(id), nodes.strategy)
  const settings = Layer.succeed(Durability, nodes.durability ?? "memory")
  const layer = Layer.provide(
    nodes.abortRate === undefined ? strategy.layer : withAborts(strategy.layer, nodes.abortRate),
    settings
  )
  const record = yield* InProcessTest.run(layer, workloads[workload], options, { progress })
  for (const [node, lines] of logs.stderr ? Object.entries(record.logs) : []) {
    for (const line of lines) {
      yield* Console.error(`${node}: ${line}`)
    }
  }
  return { record, folder: undefined }
})

/** Nodes write their logs while they run, so that the folder is there before it is known whether it is kept. */
const asProcesses = Effect.fnUntraced(function* (
  { options, seed, workload }: TestPlan,
  { args, bin }: ProcessNodes,
  { directory, logs }: Output,
  progress: SubscriptionRef.SubscriptionRef<Progress> | undefined
) {
  const folder = yield* RunFolder.makeFolder(directory, workload, seed)
  const program = { bin, args, logDirectory: yield* RunFolder.nodeLogs(folder), logStderr: logs.stderr }
  const record = yield* ProcessTest.run(program, workloads[workload], options, { progress }).pipe(
    // Where a node failed and logged nothing, there is nothing to look at.
    Effect.tapError((error) =>
      error instanceof NodeFailed && error.log.length > 0 ? Effect.void : RunFolder.removeFolder(folder)
    )
  )
  return { record: { ...record, logs: {} }, folder }
})

const printMessages = Effect.fnUntraced(function* (journal: Journal, { logs }: Output) {
  for (const { event, message, timeNanos } of journal) {
    if (event === "send" ? logs.netSend : logs.netRecv) {
      yield* Console.error(`${(timeNanos / 1e9).toFixed(6)} ${event} ${JSON.stringify(message)}`)
    }
  }
})
