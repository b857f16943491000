/**
 * A pool of worker threads that run tests, so that many seeds use all cores.
 */
import * as NodeWorker from "@effect/platform-node/NodeWorker"
import { Effect, FileSystem, Layer } from "effect"
import { RpcClient } from "effect/rpc"
import * as WorkerThreads from "node:worker_threads"
import type { TestPlan } from "../plan/TestPlan.ts"
import type { Output } from "../plan/Output.ts"
import { TestRpcs } from "./TestRpcs.ts"

/**
 * Starts `size` threads and gives what runs a test on the next that is free, and otherwise is as `TestRun.run`. They
 * end with the scope. Where one run in this process is interrupted, the threads are terminated, and the pool is of no
 * use any more.
 */
export const make = Effect.fn("WorkerPool.make")(function* (size: number) {
  const fileSystem = yield* FileSystem.FileSystem
  // The program itself, whose command for this is `worker`. It may have been started through a link.
  const program = yield* Effect.orDie(fileSystem.realPath(process.argv[1] ?? ""))
  const threads: Array<WorkerThreads.Worker> = []
  const spawn = () => {
    const thread = new WorkerThreads.Worker(program, { argv: ["worker"] })
    threads.push(thread)
    return thread
  }
  const protocol = yield* Layer.build(
    RpcClient.layerProtocolWorker({ size }).pipe(Layer.provide(NodeWorker.layer(spawn)))
  )
  const client = yield* RpcClient.make(TestRpcs).pipe(Effect.provideContext(protocol))

  // The protocol interrupts a call with a message, and gives a thread five seconds to end. A thread that runs nodes in
  // itself does not read messages while it checks a history, and has nothing to clean up, so that it need not be waited
  // for. One that has started processes reads at once, and ends them.
  const terminate = Effect.promise(() => Promise.all(threads.map((thread) => thread.terminate())))
  return (plan: TestPlan, output: Output) =>
    client.run({ plan, output }).pipe(
      Effect.catchTag("RpcClientError", (error) => Effect.die(error)),
      Effect.onInterrupt(() => (plan.nodes.kind === "layer" ? terminate : Effect.void))
    )
})
