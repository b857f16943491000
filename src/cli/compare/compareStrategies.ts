/**
 * Runs all strategies of a challenge on all cores, and prints or draws how they compare.
 */
import { Console, Effect, FileSystem, Option } from "effect"
import * as Os from "node:os"
import { CannotRun } from "../process/CannotRun.ts"
import type { CompareInput } from "./parameters.ts"
import { Invalid } from "../process/Invalid.ts"
import type { TestPlan } from "../plan/TestPlan.ts"
import type { TestReport } from "../report/TestReport.ts"
import type { Output } from "../plan/Output.ts"
import * as WorkerPool from "../worker/WorkerPool.ts"
import * as ComparisonPlan from "./ComparisonPlan.ts"
import * as ComparisonTable from "./ComparisonTable.ts"
import * as Measurement from "./Measurement.ts"
import { publishedResults } from "./PublishedResults.ts"

/** Runs what the command line asks for and prints it. Fails with `Invalid` if any run is not valid. */
export const compareStrategies = Effect.fn("compareStrategies")(function* (input: CompareInput) {
  const plan = yield* ComparisonPlan.make({ id: input.challenge, flags: input, seed: input.seed })
  const threads = Math.min(Os.availableParallelism(), plan.contestants.length)
  const measurements = yield* Effect.scoped(
    Effect.gen(function* () {
      const pool = yield* WorkerPool.make(threads)
      return yield* measure(plan, (task) => pool(task, output), threads)
    })
  ).pipe(Effect.catchTag("RunFailed", ({ cannotRun }) => Effect.fail(cannotRun)))
  yield* Console.log(
    input.json
      ? measurements.map((measurement) => JSON.stringify(measurement)).join("\n")
      : ComparisonTable.render(measurements)
  )
  if (Option.isSome(input.out)) {
    const published = plan.official ? (publishedResults[plan.setting.id] ?? []) : []
    const setting = plan.setting.id === input.challenge ? "" : ` at the setting of ${plan.setting.id}`
    const title = `Challenge ${input.challenge}${setting}, seed ${input.seed}`
    yield* draw(input.out.value, title, measurements, published)
  }
  return yield* measurements.every(({ verdict }) => verdict === "valid") ? Effect.void : new Invalid()
})

/** Runs all that take part, `concurrency` at a time. */
export const measure = Effect.fnUntraced(function* <E, R>(
  { contestants, limits }: ComparisonPlan.ComparisonPlan,
  run: (plan: TestPlan) => Effect.Effect<TestReport, E, R>,
  concurrency: number
) {
  const results = yield* Effect.forEach(
    contestants,
    ({ name, plan }) => Effect.map(run(plan), (report): Measurement.Result => ({ name, report })),
    { concurrency }
  )
  return Measurement.compare(results, limits)
})

/** Only what is not valid is worth a look. */
const output: Output = {
  directory: "store",
  keep: "invalid",
  logs: { stderr: false, netSend: false, netRecv: false }
}

const draw = Effect.fnUntraced(function* (file: string, ...content: Parameters<typeof import("./Plane.ts").svg>) {
  const { svg } = yield* Effect.promise(() => import("./Plane.ts"))
  const fileSystem = yield* FileSystem.FileSystem
  yield* fileSystem.writeFileString(file, svg(...content)).pipe(Effect.mapError(CannotRun.because))
})
