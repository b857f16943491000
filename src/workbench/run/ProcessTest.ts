/**
 * Runs tests whose nodes are processes, in real time: of any program that speaks Maelstrom's protocol.
 */
import { Duration, Effect, SubscriptionRef } from "effect"
import * as Network from "../network/Network.ts"
import * as ProcessNodes from "../nodes/process/Process.ts"
import * as RealTime from "../simulation/RealTime.ts"
import * as Seeds from "../simulation/Seeds.ts"
import type { TestOptions } from "./TestOptions.ts"
import * as TestProgram from "./TestProgram.ts"
import type { AnyWorkload } from "../workloads/Workload.ts"

/** The program that each node runs, and what becomes of its stderr. */
export type Program = Omit<ProcessNodes.Options, "network">

export interface Setting {
  /** Is set to how far the test has come, ten times a second. */
  readonly progress?: SubscriptionRef.SubscriptionRef<TestProgram.Progress> | undefined
}

const progressEvery = Duration.millis(100)

/**
 * Runs a test of a program. The seed decides what clients ask, and when, and which faults there are; real processes and
 * real time do the rest, so that no run is like another.
 */
export const run = Effect.fn("ProcessTest.run")(function* (
  program: Program,
  workload: AnyWorkload,
  options: TestOptions,
  { progress }: Setting = {}
) {
  const timeline = yield* RealTime.make
  const network = Network.make(timeline, Seeds.random(options.seed, "network"), {
    model: options.network,
    latency: options.latency,
    latencyDistribution: options.latencyDist
  })
  const host = yield* ProcessNodes.make({ ...program, network })
  const test = TestProgram.make({ timeline, network, host, workload, options })
  if (progress === undefined) {
    return yield* test.run
  }
  const report = Effect.flatMap(test.progress, (now) => SubscriptionRef.set(progress, now))
  return yield* Effect.raceFirst(test.run, report.pipe(Effect.delay(progressEvery), Effect.forever))
}, Effect.scoped)
