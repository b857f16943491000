/**
 * Runs tests whose nodes are layers in this process, in virtual time.
 */
import { Effect, Layer, Logger, References, SubscriptionRef } from "effect"
import type { NodeLayer } from "../../services/NodeProgram.ts"
import * as Network from "../network/Network.ts"
import * as InProcess from "../nodes/InProcess.ts"
import * as Seeds from "../simulation/Seeds.ts"
import * as VirtualTime from "../simulation/VirtualTime.ts"
import type { TestOptions } from "./TestOptions.ts"
import * as TestProgram from "./TestProgram.ts"
import type { AnyWorkload } from "../workloads/Workload.ts"

export interface Setting {
  /** Is set to how far the test has come, every few thousand events. */
  readonly progress?: SubscriptionRef.SubscriptionRef<TestProgram.Progress> | undefined
  /** How far a node's wall clock is ahead of the others, in milliseconds. */
  readonly skewMillis?: (node: string) => number
}

/**
 * Runs a test of nodes that behave so. The same options and clocks give the same history and the same journal, to the
 * byte.
 */
export const run = Effect.fn("InProcessTest.run")(function* (
  behaviour: NodeLayer,
  workload: AnyWorkload,
  options: TestOptions,
  { progress, skewMillis = () => 0 }: Setting = {}
) {
  const time = VirtualTime.make()
  const network = Network.make(time, Seeds.random(options.seed, "network"), {
    model: options.network,
    latency: options.latency,
    latencyDistribution: options.latencyDist
  })
  const host = InProcess.make({
    behaviour,
    network,
    time,
    seed: (node, start) => `${options.seed}/${node}/${start}`,
    skewMillis
  })

  const environment = Layer.mergeAll(
    time.layer({ random: Seeds.random(options.seed, "test") }),
    Layer.succeed(Logger.CurrentLoggers, new Set()),
    Layer.succeed(References.MinimumLogLevel, "Debug")
  )
  const test = TestProgram.make({ timeline: time, network, host, workload, options })
  const report =
    progress === undefined ? Effect.void : Effect.flatMap(test.progress, (now) => SubscriptionRef.set(progress, now))
  return yield* time.run(Effect.provide(test.run, environment), report)
})
