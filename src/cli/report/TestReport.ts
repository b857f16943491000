/**
 * The report of one run: what was run, the verdict, the figures, and the evidence.
 */
import { Schema } from "effect"
import { fromText } from "../../workbench/json/ExactJson.ts"
import { Evidence } from "../../workbench/run/Evidence.ts"
import { LimitResult, limitsOf } from "../../workbench/run/Limits.ts"
import { resultsOf } from "../../workbench/run/RunResults.ts"
import { type WorkloadName, workloadNames } from "../../workbench/workloads/Workloads.ts"
import { Build } from "../process/Version.ts"
import { TestOptions } from "../../workbench/run/TestOptions.ts"
import { Nodes, type TestPlan } from "../plan/TestPlan.ts"

const reportOf = (workload: WorkloadName) =>
  Schema.Struct({
    /** The challenge's id; null for a workload alone. */
    challenge: Schema.NullOr(Schema.String),
    workload: Schema.Literal(workload),
    /** The strategy of our own nodes; null for a program of somebody else's. */
    strategy: Schema.NullOr(Schema.String),
    /** null for a history that was saved. */
    seed: Schema.NullOr(Schema.Int),
    valid: Schema.Boolean,
    /** How long it took in real time, in milliseconds. */
    wallMillis: Schema.Number,
    results: resultsOf(workload),
    limits: Schema.Array(LimitResult),
    strict: Schema.Boolean,
    /** What Maelstrom would let through; it counts against the run only if `strict`. */
    warnings: Schema.Array(Evidence),
    /** Why the run is invalid. */
    anomalies: Schema.Array(Evidence),
    /** Faults of the nemesis that began and touched nothing; absent for a saved history, and for Maelstrom's runs. */
    idleFaults: Schema.optionalKey(Schema.Array(Schema.String)),
    /** What nodes ran, and under which options; absent for a saved history, and for Maelstrom's runs. */
    nodes: Schema.optionalKey(Nodes),
    options: Schema.optionalKey(TestOptions),
    /** What ran and judged them. */
    ...Build.fields,
    /** The folder with all that the run left behind. */
    stored: Schema.optionalKey(Schema.String)
  })

/**
 * A run and its verdict. Encoded it is what `results.json` holds, and what `--json` prints, a line each, with the
 * results under Maelstrom's keys. It holds all that it takes to run the same again, see {@link planOf}.
 */
export const TestReport = Schema.Union(workloadNames.map(reportOf))
export type TestReport = typeof TestReport.Type

/** The report as JSON data, but for numbers that only their text holds exactly, see `ExactNumber`. */
export const toJson = Schema.encodeSync(TestReport)

/** The report as one line of JSON. */
export const Line = fromText(TestReport)

/** The report as one line of JSON. */
export const encode = Schema.encodeSync(Line)

/** What was run, so that it can be run again; `undefined` where it was not run here. */
export const planOf = ({
  challenge,
  limits,
  nodes,
  options,
  seed,
  strict,
  workload
}: TestReport): TestPlan | undefined =>
  nodes === undefined || options === undefined || seed === null
    ? undefined
    : { challenge, workload, nodes, seed, options, limits: limitsOf(limits) ?? null, strict }

/** That faults of a run touched nothing, in a few words; `undefined` if each did, or if there were none. */
export const idle = ({ idleFaults = [] }: TestReport): string | undefined =>
  idleFaults.length === 0 ? undefined : `${idleFaults.join(", ")} touched nothing`

/** A verdict in a word. */
export type VerdictWord = "valid" | "over limit" | "unknown" | "invalid"

/** The verdict in a word. */
export const verdict = ({ limits, results, valid }: TestReport): VerdictWord => {
  if (valid) {
    return "valid"
  }
  if (results.validity === "unknown") {
    return "unknown"
  }
  return results.validity && limits.some(({ ok }) => !ok) ? "over limit" : "invalid"
}
