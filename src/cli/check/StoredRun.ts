/**
 * Finds the history of a stored run, of ours or of Maelstrom, and what its folder tells of how it was run.
 */
import { Effect, FileSystem, Option, Order, Path, Schema } from "effect"
import type { Command } from "effect/cli"
import { workloadNames } from "../../workbench/workloads/Workloads.ts"
import { CannotRun } from "../process/CannotRun.ts"
import * as TestReport from "../report/TestReport.ts"
import * as JepsenLog from "./JepsenLog.ts"
import { type RunSettings, unknown } from "./RunSettings.ts"

/** A history, and what is known of its run. */
export interface StoredRun extends RunSettings {
  /** The file of the history. */
  readonly history: string
  /** Whether there are results, but nothing that tells with which flags they were made. */
  readonly lacksFlags: boolean
}

/**
 * Finds a run by its folder, or by a file in it. Of our runs `results.json` tells how they were made; of Maelstrom's
 * the command line in `jepsen.log`, or else the name of the folder, which is the workload. Fails with `CannotRun` where
 * there is no history.
 */
export const find = Effect.fn("StoredRun.find")(function* (
  run: string
): Effect.fn.Return<StoredRun, CannotRun, Command.Environment> {
  const fileSystem = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const info = yield* fileSystem
    .stat(run)
    .pipe(Effect.mapError(CannotRun.orMissing(`${run}: there is no such file or folder`)))
  const isFolder = info.type === "Directory"
  if (!isFolder && !isPartOfRun(path.basename(run))) {
    return { history: run, ...unknown, lacksFlags: false }
  }
  const folder = isFolder ? run : path.dirname(run)
  const history = !isFolder && historyFile.test(path.basename(run)) ? run : yield* historyIn(folder)
  return { history, ...(yield* settings(folder)) }
})

const historyFile = /^history\.(jsonl|edn)(\.gz)?$/

/** Files that tell of the folder that they are in. */
const isPartOfRun = (name: string): boolean =>
  historyFile.test(name) ||
  /^(history\.txt|results\.(json|edn)|messages\.(jsonl|svg)|jepsen\.log|test\.jepsen)$/.test(name)

const historyIn = Effect.fnUntraced(function* (folder: string) {
  const fileSystem = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const names = yield* fileSystem.readDirectory(folder).pipe(Effect.mapError(CannotRun.because))
  // Ours, where both are there.
  const found = names.filter((name) => historyFile.test(name)).toSorted(Order.flip(Order.String))[0]
  if (found === undefined) {
    const hint = names.includes("latest") ? `; the last run is ${path.join(folder, "latest")}` : ""
    return yield* new CannotRun({
      text: `${folder} is not the folder of a run: expected a history.jsonl or history.edn in it${hint}`
    })
  }
  return path.join(folder, found)
})

const settings = Effect.fnUntraced(function* (folder: string) {
  const fileSystem = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const results = yield* fileSystem
    .readFileString(path.join(folder, "results.json"))
    .pipe(Effect.flatMap(Schema.decodeEffect(TestReport.Line)), Effect.option)
  const own = Option.flatMap(results, ofReport)
  if (Option.isSome(own)) {
    return { ...own.value, lacksFlags: false }
  }
  const logged = yield* JepsenLog.settings(path.join(folder, "jepsen.log"))
  if (Option.isSome(logged)) {
    return { ...logged.value, lacksFlags: false }
  }
  const names = yield* fileSystem.readDirectory(folder).pipe(Effect.orElseSucceed(() => []))
  // These were made with some flags, and so it is no matter of course that others are taken.
  const lacksFlags = names.some((name) => name === "results.json" || name === "results.edn")
  // `latest` is a link.
  const real = yield* fileSystem.realPath(folder).pipe(Effect.orElseSucceed(() => folder))
  const name = path.basename(path.dirname(real))
  const isWorkload = [...workloadNames, ...JepsenLog.otherWorkloads].includes(name)
  return { ...unknown, workload: isWorkload ? Option.some(name) : Option.none(), lacksFlags }
})

/** None for a run whose options it does not tell. */
const ofReport = ({ options, strict, workload }: TestReport.TestReport): Option.Option<RunSettings> =>
  options === undefined
    ? Option.none()
    : Option.some({
        workload: Option.some(workload),
        nodeNames: Option.fromUndefinedOr(options.nodeNames),
        flags: {
          nodeCount: Option.some(options.nodeCount),
          concurrency: Option.some(String(options.concurrency)),
          availability: Option.fromNullOr(options.availability),
          consistencyModels: Option.some(options.consistencyModels),
          strict: Option.some(strict)
        }
      })
