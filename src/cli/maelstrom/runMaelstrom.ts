/**
 * Runs challenges one after another under the real Maelstrom, and prints their reports.
 */
import { Console, Effect, FileSystem, Option, Path } from "effect"
import { CannotRun } from "../process/CannotRun.ts"
import { Invalid } from "../process/Invalid.ts"
import type { MaelstromInput } from "./parameters.ts"
import * as ProgressLine from "../report/ProgressLine.ts"
import * as ReportTable from "../report/ReportTable.ts"
import * as TestReport from "../report/TestReport.ts"
import * as Executable from "./Executable.ts"
import * as MaelstromPlan from "./MaelstromPlan.ts"
import * as MaelstromRun from "./MaelstromRun.ts"

/** Runs what the command line asks for and prints it. Fails with `Invalid` if any run is not valid. */
export const runMaelstrom = Effect.fn("runMaelstrom")(function* (input: MaelstromInput) {
  const { flags, json, out, verbose } = input
  const challenge = Option.getOrUndefined(input.challenge)
  const plans = yield* MaelstromPlan.plans({ challenge, strategy: Option.getOrUndefined(input.strategy), flags })
  const maelstrom = yield* Executable.maelstrom(challenge ?? "all")
  const nodes = yield* Executable.nodes
  yield* makeFolder(out)

  const reports: Array<TestReport.TestReport> = []
  const printTable = Effect.suspend(() =>
    json || reports.length === 0 ? Effect.void : Console.log(ReportTable.table(reports))
  )
  yield* Effect.forEach(
    plans,
    Effect.fnUntraced(function* (plan) {
      const options = { maelstrom, nodes, directory: out, verbose }
      const report = yield* json || verbose
        ? MaelstromRun.run(plan, options)
        : ProgressLine.showing(`challenge ${plan.challenge.id}`, shown, (progress) =>
            MaelstromRun.run(plan, { ...options, progress })
          )
      reports.push(report)
      const text = json ? TestReport.encode(report) : ReportTable.details(report)
      if (text !== "") {
        yield* Console.log(json ? text : `${text}\n`)
      }
    }),
    { discard: true }
  ).pipe(
    // All of them take minutes, which are not to be lost.
    Effect.tapError(() => printTable)
  )
  yield* printTable
  if (!json) {
    const path = yield* Path.Path
    yield* Console.log(`\nThe results are in ${reports.length === 1 ? reports[0]?.stored : path.join(out, "store")}.`)
  }
  return yield* reports.every(({ valid }) => valid) ? Effect.void : new Invalid()
})

const makeFolder = Effect.fnUntraced(function* (folder: string) {
  const fileSystem = yield* FileSystem.FileSystem
  yield* fileSystem.makeDirectory(folder, { recursive: true }).pipe(Effect.mapError(CannotRun.because))
})

const shown: ProgressLine.Shown<MaelstromRun.Progress> = {
  initial: MaelstromRun.notStarted,
  describe: ({ operations, phase, seconds }) =>
    `${seconds.toFixed(1)} s, Maelstrom is ${phase}, ${operations} operations`
}
