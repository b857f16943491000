/**
 * Carries out a plan: runs the test, judges it, and keeps what it left behind.
 */
import { Clock, Console, Effect, Predicate } from "effect"
import { challenges } from "../challenges/registry.ts"
import * as InProcessTest from "../workbench/InProcessTest.ts"
import * as Store from "../workbench/Store.ts"
import type { Progress, TestRecord } from "../workbench/TestProgram.ts"
import { judge } from "../workbench/TestResult.ts"
import { workloads } from "../workbench/workloads/Workloads.ts"
import { CannotRun } from "./CannotRun.ts"
import * as Evidence from "./Evidence.ts"
import type { TestPlan } from "./TestPlan.ts"
import type { TestReport } from "./TestReport.ts"

/** What becomes of a run's output. */
export interface Output {
  /** Where runs are stored. */
  readonly directory: string
  /** Which of them. */
  readonly keep: "all" | "invalid"
  /** What is written to stderr as well when a run is over. */
  readonly logs: { readonly stderr: boolean; readonly netSend: boolean; readonly netRecv: boolean }
}

/** Runs one test. Fails with `CannotRun` if it cannot be run, or if a node does what no node may do. */
export const run = Effect.fn("TestRun.run")(
  function* (plan: TestPlan, output: Output, onProgress: (progress: Progress) => Effect.Effect<void>) {
    const beganMillis = yield* Clock.currentTimeMillis
    const record = yield* carryOut(plan, output, onProgress)
    yield* log(record, output)
    const result = judge(plan.workload, plan.options, record, plan)
    const setting = { ...record, ...plan.options }
    const report: TestReport = {
      challenge: plan.challenge,
      workload: plan.workload,
      strategy: plan.nodes.kind === "layer" ? plan.nodes.strategy : null,
      seed: plan.seed,
      valid: result.valid,
      wallMillis: (yield* Clock.currentTimeMillis) - beganMillis,
      results: result.results,
      limits: result.limits,
      strict: plan.strict,
      findings: Evidence.select(result.findings, setting),
      evidence: Evidence.select(result.evidence, setting)
    }
    if (output.keep === "invalid" && report.valid) return report
    const folder = yield* Store.makeFolder(output.directory, plan.workload, plan.seed)
    yield* Store.write(folder, record, report)
    return { ...report, stored: folder }
  },
  (effect, plan) => Effect.mapError(effect, (error) => new CannotRun({ text: `${subject(plan)}: ${reason(error)}` }))
)

const carryOut = (plan: TestPlan, output: Output, onProgress: (progress: Progress) => Effect.Effect<void>) => {
  const { nodes } = plan
  const workload = workloads[plan.workload]
  if (nodes.kind === "process") {
    return Effect.fail(new CannotRun({ text: "--bin is not supported yet" }))
  }
  const challenge = challenges.find(({ id }) => id === plan.challenge)
  const strategy = challenge?.strategies[nodes.strategy]
  return strategy === undefined
    ? Effect.die(new Error(`There is no strategy ${nodes.strategy} of challenge ${plan.challenge}`))
    : InProcessTest.run(strategy.layer, workload, plan.options, onProgress)
}

const log = Effect.fnUntraced(function* ({ journal, logs }: TestRecord, { logs: wanted }: Output) {
  for (const [node, lines] of wanted.stderr ? Object.entries(logs) : []) {
    for (const line of lines) yield* Console.error(`${node}: ${line}`)
  }
  for (const { event, message, timeNanos } of journal) {
    if (event === "send" ? wanted.netSend : wanted.netRecv) {
      yield* Console.error(`${(timeNanos / 1e9).toFixed(6)} ${event} ${JSON.stringify(message)}`)
    }
  }
})

const subject = ({ challenge, seed, workload }: TestPlan): string =>
  `${challenge === null ? `workload ${workload}` : `challenge ${challenge}`}, seed ${seed}`

const reason = (error: { readonly message: string }): string => {
  const log = Predicate.hasProperty(error, "log") && Array.isArray(error.log) ? error.log : []
  return [
    error.message,
    ...(log.length > 0 ? ["Its last lines on stderr:", ...log.map((line) => `  ${line}`)] : [])
  ].join("\n")
}
