/**
 * Tests whose nodes are layers in this process, on simulated time.
 */
import { Context, Effect, Logger, References } from "effect"
import type { NodeLayer } from "../../services/NodeProgram.ts"
import * as Network from "../network/Network.ts"
import * as InProcess from "../nodes/InProcess.ts"
import * as Seeds from "../simulation/Seeds.ts"
import * as VirtualTime from "../simulation/VirtualTime.ts"
import type { TestOptions } from "./TestOptions.ts"
import * as TestProgram from "./TestProgram.ts"
import type { AnyWorkload } from "../workloads/Workload.ts"

export interface Setting {
  /** Is told now and then how far the test has come. */
  readonly onProgress?: (progress: TestProgram.Progress) => Effect.Effect<void>
  /** How far a node's wall clock is ahead of the others, in milliseconds. */
  readonly skewMillis?: (node: string) => number
}

/**
 * Runs a test of nodes that behave so. The same options and clocks give the same history and the same journal, to the byte.
 */
export const run = Effect.fn("InProcessTest.run")(function* (
  behaviour: NodeLayer,
  workload: AnyWorkload,
  options: TestOptions,
  { onProgress = () => Effect.void, skewMillis = () => 0 }: Setting = {}
) {
  const time = VirtualTime.make()
  const random = Seeds.random(options.seed, "network")
  const network = Network.make(time, random, {
    latencyMillis: options.latency,
    latencyDistribution: options.latencyDist
  })
  const host = InProcess.make({
    behaviour,
    network,
    time,
    seed: (node, start) => `${options.seed}/${node}/${start}`,
    skewMillis
  })

  const context = time
    .context(Seeds.random(options.seed, "test"))
    .pipe(Context.add(Logger.CurrentLoggers, new Set()), Context.add(References.MinimumLogLevel, "Debug"))
  let progress = TestProgram.notStarted
  return yield* TestProgram.run({
    timeline: time,
    network,
    host,
    workload,
    options,
    onStart: (get) => {
      progress = get
    }
  }).pipe(Effect.provideContext(context), (program) =>
    time.run(
      program,
      Effect.suspend(() => onProgress(progress()))
    )
  )
})
