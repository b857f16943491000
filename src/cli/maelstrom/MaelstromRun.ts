/**
 * One run of Maelstrom: started, followed, and read.
 */
import {
  Clock,
  Console,
  Duration,
  Effect,
  FileSystem,
  Option,
  Path,
  Ref,
  Schedule,
  Stream,
  SubscriptionRef
} from "effect"
import { ChildProcess } from "effect/process"
import { checkLimits } from "../../workbench/run/Limits.ts"
import { figures } from "../../workbench/run/RunResults.ts"
import { CannotRun } from "../process/CannotRun.ts"
import { build } from "../process/Version.ts"
import type { TestReport } from "../report/TestReport.ts"
import * as MaelstromLog from "./MaelstromLog.ts"
import { commandLine, type MaelstromPlan } from "./MaelstromPlan.ts"
import * as MaelstromResults from "./MaelstromResults.ts"

/** What is run, where, and how it is followed. */
export interface Options {
  /** Maelstrom's executable. */
  readonly maelstrom: string
  /** The executable that is one of our nodes when told so. */
  readonly nodes: string
  /** Where Maelstrom makes its store. */
  readonly directory: string
  /** Whether what it prints is printed on stderr. */
  readonly verbose: boolean
  /** Is set several times a second. */
  readonly progress?: SubscriptionRef.SubscriptionRef<Progress>
}

/** How far a run has come, in real time. */
export interface Progress extends Pick<MaelstromLog.MaelstromLog, "phase" | "operations"> {
  readonly seconds: number
}

/** No run has begun. */
export const notStarted: Progress = { seconds: 0, phase: MaelstromLog.empty.phase, operations: 0 }

/** Runs Maelstrom to its end. Fails with `CannotRun` if it leaves no results. */
export const run = Effect.fn("MaelstromRun.run")(function* (plan: MaelstromPlan, options: Options) {
  const { challenge, limits, strategy } = plan
  const subject = `challenge ${challenge.id}`
  const beganMillis = yield* Clock.currentTimeMillis
  const before = yield* latest(options.directory)
  const { code, log } = yield* follow(plan, options).pipe(
    Effect.mapError((error) => new CannotRun({ text: `${subject}: ${error.message}` }))
  )
  const failed = (problem: string) => {
    const words = MaelstromLog.lastWords(log).map((line) => `  ${line}`)
    const text = [`${subject}: ${problem}`, ...(words.length > 0 ? ["It said last:", ...words] : [])]
    return new CannotRun({ text: text.join("\n") })
  }
  if (!verdictCodes.has(code)) {
    return yield* failed(`Maelstrom ended with exit code ${code}`)
  }
  const stored = yield* latest(options.directory)
  if (stored === undefined || stored === before) {
    return yield* failed(`Maelstrom left no results, and ended with exit code ${code}`)
  }
  const written = yield* read(stored)
  if (Option.isNone(written)) {
    return yield* new CannotRun({ text: `${subject}: Maelstrom left no results that can be read in ${stored}` })
  }

  const results = MaelstromResults.results(challenge.workload, written.value)
  const checked = limits === undefined ? [] : checkLimits(limits, figures(challenge.workload, results))
  const report: TestReport = {
    challenge: challenge.id,
    workload: challenge.workload,
    strategy,
    seed: null,
    valid: results.validity === true && checked.every(({ ok }) => ok),
    wallMillis: (yield* Clock.currentTimeMillis) - beganMillis,
    results,
    limits: checked,
    strict: false,
    warnings: [],
    anomalies: MaelstromResults.anomalies(written.value),
    ...build,
    stored
  }
  return report
})

/** Starts Maelstrom and listens to it until it ends. The end of this, whatever it is, ends Maelstrom. */
const follow = Effect.fnUntraced(function* (plan: MaelstromPlan, options: Options) {
  const beganMillis = yield* Clock.currentTimeMillis
  const log = yield* Ref.make(MaelstromLog.empty)
  const handle = yield* ChildProcess.make(options.maelstrom, commandLine(plan, options.nodes), {
    cwd: options.directory,
    stdin: "ignore",
    forceKillAfter: grace
  })
  const { progress } = options
  if (progress !== undefined) {
    yield* Effect.gen(function* () {
      const { operations, phase } = yield* Ref.get(log)
      const seconds = ((yield* Clock.currentTimeMillis) - beganMillis) / 1000
      yield* SubscriptionRef.set(progress, { seconds, phase, operations })
    }).pipe(Effect.repeat(Schedule.spaced(progressInterval)), Effect.forkScoped)
  }
  yield* handle.all.pipe(
    Stream.decodeText(),
    Stream.splitLines,
    Stream.runForEach((line) =>
      Effect.andThen(
        Ref.update(log, (lines) => MaelstromLog.add(lines, line)),
        options.verbose ? Console.error(line) : Effect.void
      )
    )
  )
  return { code: Number(yield* handle.exitCode), log: yield* Ref.get(log) }
}, Effect.scoped)

/** The folder of the last run that came to its end, as Maelstrom links to it. */
const latest = Effect.fnUntraced(function* (directory: string) {
  const fileSystem = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const store = path.join(directory, "store")
  return yield* Effect.all([fileSystem.realPath(store), fileSystem.realPath(path.join(store, "latest"))]).pipe(
    Effect.map(([root, folder]) => path.join(store, path.relative(root, folder))),
    Effect.orElseSucceed(() => undefined)
  )
})

const read = Effect.fnUntraced(function* (folder: string) {
  const fileSystem = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  return yield* fileSystem.readFileString(path.join(folder, "results.edn")).pipe(
    Effect.flatMap(MaelstromResults.decode),
    Effect.orElseSucceed(() => Option.none<MaelstromResults.MaelstromResults>())
  )
})

/** Valid, invalid and unknown. Others mean that there is no verdict. */
const verdictCodes: ReadonlySet<number> = new Set([0, 1, 2])

/** How long Maelstrom has to end when it is told to, before it is killed. */
const grace = Duration.seconds(5)

const progressInterval = Duration.millis(250)
