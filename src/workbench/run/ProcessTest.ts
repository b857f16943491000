/**
 * Tests whose nodes are processes, in real time: of any program that speaks Maelstrom's protocol.
 */
import { Effect } from "effect"
import * as Network from "../network/Network.ts"
import * as ProcessNodes from "../nodes/process/Process.ts"
import * as RealTime from "../simulation/RealTime.ts"
import * as Seeds from "../simulation/Seeds.ts"
import type { TestOptions } from "./TestOptions.ts"
import * as TestProgram from "./TestProgram.ts"
import type { AnyWorkload } from "../workloads/Workload.ts"

/** The program that each node runs, and what becomes of its stderr. */
export type Program = Omit<ProcessNodes.Options, "network">

/** How often a test's progress is told. */
const progressEvery = "100 millis"

/**
 * Runs a test of a program. The seed decides what clients ask, and when, and which faults there are; real processes and
 * real time do the rest, so that no run is like another.
 */
export const run = Effect.fn("ProcessTest.run")(function* (
  program: Program,
  workload: AnyWorkload,
  options: TestOptions,
  onProgress: (progress: TestProgram.Progress) => Effect.Effect<void> = () => Effect.void
) {
  const timeline = yield* RealTime.make
  const network = Network.make(timeline, Seeds.random(options.seed, "network"), {
    latencyMillis: options.latency,
    latencyDistribution: options.latencyDist
  })
  const host = yield* ProcessNodes.make({ ...program, network })

  let progress = TestProgram.notStarted
  const tell = Effect.suspend(() => onProgress(progress())).pipe(Effect.delay(progressEvery), Effect.forever)
  return yield* TestProgram.run({
    timeline,
    network,
    host,
    workload,
    options,
    onStart: (get) => {
      progress = get
    }
  }).pipe(Effect.raceFirst(tell))
}, Effect.scoped)
