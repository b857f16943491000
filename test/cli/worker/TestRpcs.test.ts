import { assert, describe, it } from "@effect/vitest"
import { Cause, Effect, Exit, Schema } from "effect"
import { Rpc } from "effect/rpc"
import { CannotRun } from "../../../src/cli/process/CannotRun.ts"
import type { TestReport } from "../../../src/cli/report/TestReport.ts"
import { RunFailed } from "../../../src/cli/report/RunFailed.ts"
import { TestRpcs } from "../../../src/cli/worker/TestRpcs.ts"
import { parse } from "../../../src/workbench/json/ExactNumber.ts"

const run = TestRpcs.requests.get("run")!
const codec = Schema.toCodecJson(Rpc.exitSchema(run))

/** What the thread that waits for it receives of a run's end. */
const sent = (exit: Rpc.Exit<typeof run>) =>
  Schema.encodeEffect(codec)(exit).pipe(
    Effect.map((encoded) => structuredClone(encoded)),
    Effect.flatMap(Schema.decodeUnknownEffect(codec))
  )

describe("the answer of a worker thread", () => {
  it.effect("has every number of a report as it was written", () =>
    Effect.gen(function* () {
      const ids = parse("[7155483058429902849, 3.0]") as [unknown, unknown]
      const results: TestReport["results"] = {
        workload: {
          validity: true,
          attemptedCount: 2,
          acknowledgedCount: 2,
          duplicatedCount: 0,
          duplicated: {},
          range: ids
        },
        validity: true
      }
      const report: TestReport = {
        challenge: "2",
        workload: "unique-ids",
        strategy: "snowflake",
        seed: 1,
        valid: true,
        wallMillis: 5,
        results,
        limits: [],
        strict: false,
        warnings: [],
        anomalies: [],
        version: "0.0.0",
        commit: "0123456789abcdef0123456789abcdef01234567"
      }
      const received = yield* yield* sent(Exit.succeed(report))
      assert.strictEqual(JSON.stringify(received), JSON.stringify(report))
    })
  )

  it.effect("tells what cannot be run from what went wrong", () =>
    Effect.gen(function* () {
      const refused = yield* sent(Exit.fail(new CannotRun({ text: "no\n  milk" })))
      assert.deepStrictEqual(Exit.getCause(refused), Exit.getCause(Exit.fail(new CannotRun({ text: "no\n  milk" }))))

      const failed = new RunFailed({
        challenge: "1",
        workload: "echo",
        strategy: null,
        seed: 7,
        node: "n0",
        problem: "exited with code 3",
        log: ["out of milk"]
      })
      const received = yield* sent(Exit.fail(failed))
      assert.deepStrictEqual(Exit.getCause(received), Exit.getCause(Exit.fail(failed)))
      assert.strictEqual(
        failed.cannotRun.text,
        "challenge 1, seed 7: n0 exited with code 3\nIts last lines on stderr:\n  out of milk"
      )

      const died = yield* sent(Exit.die(new Error("boom")))
      assert.isTrue(Exit.isFailure(died) && Cause.hasDies(died.cause))
    })
  )
})
