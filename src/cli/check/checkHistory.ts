/**
 * Judges a saved history and prints the verdict.
 */
import { Clock, Console, Effect, FileSystem } from "effect"
import { check, workloads } from "../../workbench/workloads/Workloads.ts"
import { HistoryError, load } from "../../workbench/history/HistoryFile.ts"
import { CannotRun } from "../process/CannotRun.ts"
import type { CheckInput } from "./parameters.ts"
import * as Evidence from "../../workbench/run/Evidence.ts"
import { build } from "../process/Version.ts"
import { Invalid } from "../process/Invalid.ts"
import * as ReportTable from "../report/ReportTable.ts"
import { checkOptions } from "../flags/TestFlags.ts"
import * as TestReport from "../report/TestReport.ts"

/** Judges a history and prints the verdict. Fails with `Invalid` if it is not valid. */
export const checkHistory = Effect.fn("checkHistory")(function* (input: CheckInput) {
  const beganMillis = yield* Clock.currentTimeMillis
  const history = yield* existing(input.file).pipe(Effect.andThen(load(input.file)), Effect.mapError(CannotRun.because))
  const { functions } = workloads[input.workload]
  if (!history.some(({ f }) => functions.includes(f))) {
    const expected = functions.join(", ")
    return yield* new CannotRun({
      text: `${input.file} is no history of ${input.workload}: expected operations ${expected}, found none of them`
    })
  }
  const options = checkOptions(input)
  const verdict = check(input.workload, history, options)
  const report: TestReport.TestReport = {
    challenge: null,
    workload: input.workload,
    strategy: null,
    seed: null,
    valid: verdict.validity === true && !(input.strict && verdict.warnings.length > 0),
    wallMillis: (yield* Clock.currentTimeMillis) - beganMillis,
    results: verdict.results,
    limits: [],
    strict: input.strict,
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

const existing = Effect.fnUntraced(function* (file: string) {
  const fileSystem = yield* FileSystem.FileSystem
  const info = yield* fileSystem
    .stat(file)
    .pipe(
      Effect.mapError(
        ({ reason, message }) =>
          new HistoryError({ file, problem: reason._tag === "NotFound" ? "there is no such file" : message })
      )
    )
  return yield* info.type === "File" ? Effect.void : new HistoryError({ file, problem: "expected a file" })
})
