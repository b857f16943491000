/**
 * Runs tests on this worker thread for the one that started it, until that ends it.
 */
import * as NodeWorkerRunner from "@effect/platform-node/NodeWorkerRunner"
import { Effect } from "effect"
import { RpcServer } from "effect/rpc"
import { CannotRun } from "../process/CannotRun.ts"
import * as TestRun from "../run/TestRun.ts"
import { TestRpcs } from "./TestRpcs.ts"

const handlers = TestRpcs.toLayer({
  run: ({ output, plan }) => TestRun.run(plan, output)
})

/** Answers {@link TestRpcs}. Fails with `CannotRun` in a process that is no worker thread. */
export const runWorker = Effect.gen(function* () {
  const protocol = yield* RpcServer.makeProtocolWorkerRunner
  // A defect is that of one run, and no reason to give up the others.
  return yield* RpcServer.make(TestRpcs, { disableFatalDefects: true }).pipe(
    Effect.provideService(RpcServer.Protocol, protocol)
  )
}).pipe(
  Effect.scoped,
  Effect.provide([handlers, NodeWorkerRunner.layer]),
  Effect.catchTag(
    "WorkerError",
    () => new CannotRun({ text: "worker is a command for the threads of a test with --seeds" })
  )
)
