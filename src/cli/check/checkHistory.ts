/**
 * Judges a saved history and prints the verdict.
 */
import { Clock, Console, Effect, Option, Predicate } from "effect"
import { load } from "../../workbench/history/HistoryFile.ts"
import * as Evidence from "../../workbench/run/Evidence.ts"
import type { History } from "../../workbench/history/Operation.ts"
import type { AnyWorkload } from "../../workbench/workloads/Workload.ts"
import { check, workloadNames, workloads } from "../../workbench/workloads/Workloads.ts"
import * as NodeFlags from "../flags/NodeFlags.ts"
import { CannotRun } from "../process/CannotRun.ts"
import { Invalid } from "../process/Invalid.ts"
import { build } from "../process/Version.ts"
import * as ReportTable from "../report/ReportTable.ts"
import * as TestReport from "../report/TestReport.ts"
import type { CheckInput } from "./parameters.ts"
import * as RunSettings from "./RunSettings.ts"
import * as StoredRun from "./StoredRun.ts"

/** Judges a history and prints the verdict. Fails with `Invalid` if it is not valid. */
export const checkHistory = Effect.fn("checkHistory")(function* (input: CheckInput) {
  const beganMillis = yield* Clock.currentTimeMillis
  const run = yield* StoredRun.find(input.run)
  const settings = RunSettings.override(
    { workload: input.workload, nodeNames: yield* NodeFlags.names(input), flags: input },
    run
  )
  const workload = yield* known(input.run, settings.workload)
  const history = yield* load(run.history).pipe(Effect.mapError(CannotRun.because))
  const foreign = foreignTo(workloads[workload], history)
  if (foreign !== undefined) {
    return yield* new CannotRun({ text: `${run.history} is no history of ${workload}: ${foreign}` })
  }
  if (run.lacksFlags) {
    yield* Console.error(
      `glomers: ${input.run} does not say with which flags it was run: all that are not given are default`
    )
  }
  const strict = RunSettings.isStrict(settings.flags)
  const options = RunSettings.options(settings)
  const verdict = check(workload, history, options)
  const report: TestReport.TestReport = {
    challenge: null,
    workload,
    strategy: null,
    seed: null,
    valid: verdict.validity === true && !(strict && verdict.warnings.length > 0),
    wallMillis: (yield* Clock.currentTimeMillis) - beganMillis,
    results: verdict.results,
    limits: [],
    strict,
    warnings: Evidence.select(verdict.warnings, { ...options, history }),
    anomalies: Evidence.select(verdict.anomalies, { ...options, history }),
    ...build
  }
  if (input.json) {
    yield* Console.log(TestReport.encode(report))
  } else {
    const details = ReportTable.details(report)
    yield* Console.log([...(details === "" ? [] : [details, ""]), ReportTable.table([report])].join("\n"))
  }
  return yield* report.valid ? Effect.void : new Invalid()
})

const known = Effect.fnUntraced(function* (run: string, workload: Option.Option<string>) {
  const expected = `expected --workload, one of: ${workloadNames.join(", ")}`
  if (Option.isNone(workload)) {
    return yield* new CannotRun({ text: `${run} does not say which workload it is of: ${expected}` })
  }
  const name = workloadNames.find((name) => name === workload.value)
  return (
    name ?? (yield* new CannotRun({ text: `${run} is of ${workload.value}, which cannot be judged here: ${expected}` }))
  )
})

/** What shows a history to be one of another workload; undefined if nothing does. */
const foreignTo = ({ functions, microOperations }: AnyWorkload, history: History): string | undefined => {
  if (!history.some(({ f }) => functions.includes(f))) {
    return `expected operations ${functions.join(", ")}, found none of them`
  }
  const other = history
    .filter(({ f, process }) => process !== "nemesis" && functions.includes(f))
    .flatMap(({ value }) => (microOperations !== undefined && Array.isArray(value) ? value : []))
    .map((microOperation: unknown) => (Array.isArray(microOperation) ? microOperation[0] : undefined))
    .find((name) => Predicate.isString(name) && !microOperations!.includes(name))
  return other === undefined ? undefined : `expected micro-operations ${microOperations!.join(", ")}, found ${other}`
}
