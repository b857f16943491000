/**
 * Tests on worker threads, so that many seeds use all cores.
 */
import * as NodeWorker from "@effect/platform-node/NodeWorker"
import * as NodeWorkerRunner from "@effect/platform-node/NodeWorkerRunner"
import { Cause, Context, Effect, Fiber, FileSystem, Layer, Pool, Queue, Schema } from "effect"
import { Worker, WorkerRunner } from "effect/workers"
import * as WorkerThreads from "node:worker_threads"
import { CannotRun } from "../process/CannotRun.ts"
import type { TestPlan } from "./TestPlan.ts"
import { TestOptions } from "../../workbench/run/TestOptions.ts"
import * as TestReport from "../report/TestReport.ts"
import * as TestRun from "./TestRun.ts"

/** What a worker is told to do. */
interface Task {
  /** Its options are encoded, since durations are no structured data. */
  readonly plan: Omit<TestPlan, "options"> & { readonly options: typeof TestOptions.Encoded }
  readonly output: TestRun.Output
}

/** How it ended. Reports travel as JSON, since some numbers in them are no structured data. */
type Answer =
  | { readonly _tag: "Done"; readonly report: string }
  | { readonly _tag: "CannotRun"; readonly text: string }
  | { readonly _tag: "Died"; readonly text: string }

/** Starts `size` threads and gives what runs a test on the next that is free. They end with the scope. */
export const pool = Effect.fn("TestWorker.pool")(function* (size: number) {
  const fileSystem = yield* FileSystem.FileSystem
  // The program itself, whose command for this is `worker`. It may have been started through a link.
  const program = yield* Effect.orDie(fileSystem.realPath(process.argv[1] ?? ""))
  const workers = yield* Pool.make({ acquire: start(program), size })
  return (plan: TestPlan, output: TestRun.Output) => Pool.use(workers, (worker) => worker(plan, output))
})

const start = Effect.fnUntraced(function* (program: string) {
  let thread: WorkerThreads.Worker | undefined
  const open = () => (thread = new WorkerThreads.Worker(program, { argv: ["worker"] }))
  const terminate = Effect.suspend(() =>
    thread === undefined ? Effect.void : Effect.asVoid(Effect.promise(() => thread!.terminate()))
  )
  const platform = yield* Layer.build(NodeWorker.layer(open))
  const worker = yield* Context.get(platform, Worker.WorkerPlatform)
    .spawn<Answer, Task>(0)
    .pipe(Effect.provideContext(platform))
  const answers = yield* Queue.unbounded<Answer>()
  const running = yield* Effect.forkScoped(worker.run((answer) => Queue.offer(answers, answer)))

  return Effect.fnUntraced(
    function* (plan: TestPlan, output: TestRun.Output) {
      yield* worker.send({ plan: { ...plan, options: Schema.encodeSync(TestOptions)(plan.options) }, output })
      const answer = yield* Effect.raceFirst(Queue.take(answers), Fiber.join(running))
      switch (answer._tag) {
        case "Done":
          return TestReport.decode(answer.report)
        case "CannotRun":
          return yield* new CannotRun({ text: answer.text })
        case "Died":
          return yield* Effect.die(new Error(answer.text))
      }
    },
    Effect.catchTag("WorkerError", (error) => Effect.die(error)),
    // A busy thread would take its time. Only where it has started processes there is something to clean up.
    (effect, plan) => Effect.onInterrupt(effect, () => (plan.nodes.kind === "layer" ? terminate : Effect.void))
  )
})

/** Runs tests for the thread that started this one, until that ends it. */
export const serve = Effect.gen(function* () {
  const platform = yield* WorkerRunner.WorkerRunnerPlatform
  const runner = yield* platform.start<Answer, Task>()
  return yield* runner.run((port, { output, plan }) =>
    TestRun.run({ ...plan, options: Schema.decodeSync(TestOptions)(plan.options) }, output).pipe(
      Effect.map((report): Answer => ({ _tag: "Done", report: TestReport.encode(report) })),
      Effect.catchTag("CannotRun", ({ text }) => Effect.succeed<Answer>({ _tag: "CannotRun", text })),
      Effect.catchDefect((defect) => Effect.succeed<Answer>({ _tag: "Died", text: Cause.pretty(Cause.die(defect)) })),
      Effect.flatMap((answer) => runner.send(port, answer))
    )
  )
}).pipe(
  Effect.provide(NodeWorkerRunner.layer),
  Effect.mapError(() => new CannotRun({ text: "worker is a command for the threads of a test with --seeds" }))
)
