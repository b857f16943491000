/**
 * The error of a run that came to no verdict, because a node failed.
 */
import { Runtime, Schema } from "effect"
import { NodeFailed } from "../../workbench/nodes/NodeHost.ts"
import { WorkloadName } from "../../workbench/workloads/Workloads.ts"
import { CannotRun } from "../process/CannotRun.ts"
import * as ExitCode from "../process/ExitCode.ts"
import { subject, type TestPlan } from "../plan/TestPlan.ts"

/**
 * A node did not start, ended, or did what no node may do: `node` which, `problem` what, as the rest of a sentence, and
 * `log` the last lines that it logged. It is that of one run: others of the same program may come to a verdict.
 */
export class RunFailed extends Schema.TaggedError<RunFailed>()("RunFailed", {
  challenge: Schema.NullOr(Schema.String),
  workload: WorkloadName,
  strategy: Schema.NullOr(Schema.String),
  seed: Schema.Int,
  node: Schema.String,
  problem: Schema.String,
  log: Schema.Array(Schema.String)
}) {
  override readonly [Runtime.errorExitCode] = ExitCode.cannotRun
  override readonly message = `${this.node} ${this.problem}`

  /** That this run failed, because a node of it did. */
  static readonly because = (
    { challenge, nodes, seed, workload }: TestPlan,
    { log, node, text: problem }: NodeFailed
  ): RunFailed =>
    new RunFailed({
      challenge,
      workload,
      strategy: nodes.kind === "layer" ? nodes.strategy : null,
      seed,
      node,
      problem,
      log
    })

  /** Where nothing else was asked for, the command cannot run. */
  get cannotRun(): CannotRun {
    return new CannotRun({
      text: [`${subject(this)}, seed ${this.seed}: ${this.message}`, ...this.logLines].join("\n")
    })
  }

  /** As a line of JSON among those of runs with a verdict: what was run, and in the place of all else the `error`. */
  get line(): string {
    const { challenge, log, message: error, seed, strategy, workload } = this
    return JSON.stringify({ challenge, workload, strategy, seed, valid: null, error, log })
  }

  /** The last lines that the node logged, under a heading; none if it logged nothing. */
  get logLines(): ReadonlyArray<string> {
    return this.log.length === 0 ? [] : ["Its last lines on stderr:", ...this.log.map((line) => `  ${line}`)]
  }
}
