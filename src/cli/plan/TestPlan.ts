/**
 * The plan of one run: all that decides it, as data that is stored with its results and sent to worker threads.
 */
import { Schema } from "effect"
import { Level } from "../../services/Durability.ts"
import { Limits } from "../../workbench/run/Limits.ts"
import { TestOptions } from "../../workbench/run/TestOptions.ts"
import { WorkloadName } from "../../workbench/workloads/Workloads.ts"

/**
 * Nodes in this process: a strategy of the plan's challenge. `abortRate` is the share of writing transactions that they
 * abort; `durability` says when they acknowledge what they are to keep, `memory` where it is absent.
 */
export const LayerNodes = Schema.Struct({
  kind: Schema.Literal("layer"),
  strategy: Schema.String,
  abortRate: Schema.optionalKey(Schema.Finite),
  durability: Schema.optionalKey(Level)
})
export interface LayerNodes extends Schema.Schema.Type<typeof LayerNodes> {}

/** Nodes as processes of their own. */
export const ProcessNodes = Schema.Struct({
  kind: Schema.Literal("process"),
  bin: Schema.String,
  args: Schema.Array(Schema.String)
})
export interface ProcessNodes extends Schema.Schema.Type<typeof ProcessNodes> {}

/** What is tested: nodes of ours, or a program. */
export const Nodes = Schema.Union([LayerNodes, ProcessNodes])
export type Nodes = typeof Nodes.Type

/**
 * - `challenge`: its id; null for a workload alone.
 * - `limits`: the official ones; null where there are none, or where the run is not the official one.
 */
export const TestPlan = Schema.Struct({
  challenge: Schema.NullOr(Schema.String),
  workload: WorkloadName,
  nodes: Nodes,
  seed: Schema.Int,
  options: TestOptions,
  limits: Schema.NullOr(Limits),
  strict: Schema.Boolean
})
export interface TestPlan extends Schema.Schema.Type<typeof TestPlan> {}

/** What is tested, for people. */
export const subject = ({ challenge, workload }: Pick<TestPlan, "challenge" | "workload">): string =>
  challenge === null ? `workload ${workload}` : `challenge ${challenge}`
