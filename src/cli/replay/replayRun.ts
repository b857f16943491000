/**
 * Runs a stored run again, from its `results.json` alone, and prints what came of it.
 */
import { Console, Effect, FileSystem, Path, Schema } from "effect"
import { CannotRun } from "../process/CannotRun.ts"
import * as Version from "../process/Version.ts"
import * as TestReport from "../report/TestReport.ts"
import { runAndPrint } from "../run/runAndPrint.ts"
import type { ReplayInput } from "./parameters.ts"

/** Fails with `Invalid` if the new run is not valid. */
export const replayRun = Effect.fn("replayRun")(function* ({ json, out, run }: ReplayInput) {
  const file = yield* resultsFile(run)
  const report = yield* load(file)
  const plan = TestReport.planOf(report)
  if (plan === undefined) {
    return yield* new CannotRun({ text: `${file} does not say what was run: it is not of a test in the workbench` })
  }
  const [then, now] = [Version.name(report), Version.name(Version.build)]
  if (then !== now) {
    yield* Console.error(`${file} is of glomers ${then}, and this is ${now}: the run may be another.`)
  }
  const output = { directory: out, keep: "all", logs: { stderr: false, netSend: false, netRecv: false } } as const
  return yield* runAndPrint([plan], output, { json })
})

/** The results in a run's folder, or the file itself. */
const resultsFile = Effect.fnUntraced(function* (run: string) {
  const fileSystem = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const info = yield* fileSystem
    .stat(run)
    .pipe(Effect.mapError(CannotRun.orMissing(`${run}: there is no such file or folder`)))
  return info.type === "Directory" ? path.join(run, "results.json") : run
})

const decode = Schema.decodeEffect(TestReport.Line)

const load = Effect.fnUntraced(function* (file: string) {
  const fileSystem = yield* FileSystem.FileSystem
  const text = yield* fileSystem.readFileString(file).pipe(Effect.mapError(CannotRun.because))
  return yield* decode(text).pipe(
    Effect.mapError(({ message }) =>
      CannotRun.because({ message: `${file} is no results.json of this program: ${message}` })
    )
  )
})
