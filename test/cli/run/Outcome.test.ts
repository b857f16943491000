import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { TestReport } from "../../../src/cli/report/TestReport.ts"
import * as Outcome from "../../../src/cli/run/Outcome.ts"
import { RunFailed } from "../../../src/cli/report/RunFailed.ts"

const failed = (problem: string, node = "n0") =>
  new RunFailed({ challenge: "1", workload: "echo", strategy: null, seed: 1, node, problem, log: [] })

const judged = (valid: boolean): TestReport => ({
  challenge: "1",
  workload: "echo",
  strategy: null,
  seed: 1,
  valid,
  wallMillis: 5,
  results: { validity: valid },
  limits: [],
  strict: false,
  warnings: [],
  anomalies: [],
  version: "0.0.0",
  commit: "0123456789abcdef0123456789abcdef01234567"
})

const times = <A>(count: number, outcome: (index: number) => A) => Array.from({ length: count }, (_, i) => outcome(i))

describe("the outcomes of several runs", () => {
  it("are hopeless once five have failed alike, whichever node it was and whatever it said", () => {
    const alike = times(5, (i) => failed(`printed a line that is not JSON: ${i}`, `n${i}`))
    assert.isFalse(Outcome.isHopeless(alike.slice(1)))
    assert.isTrue(Outcome.isHopeless(alike))
  })

  it("are not hopeless where runs fail in several ways, or where one came to a verdict", () => {
    assert.isFalse(Outcome.isHopeless([...times(9, () => failed("exited with code 1")), failed("exited with code 2")]))
    assert.isFalse(Outcome.isHopeless([judged(false), ...times(9, () => failed("exited with code 1"))]))
  })

  it.effect.each([
    { what: "all valid", outcomes: [judged(true), judged(true)], end: "" },
    { what: "one invalid", outcomes: [judged(true), judged(false)], end: "Invalid" },
    { what: "one failed", outcomes: [failed("ended"), judged(true)], end: "Invalid" },
    {
      what: "all failed",
      outcomes: [failed("ended"), failed("ended", "n1")],
      end: "CannotRun no run came to a verdict: n0 ended"
    }
  ])("end a command as they deserve: $what", ({ end, outcomes }) =>
    Outcome.end(outcomes).pipe(
      Effect.as(""),
      Effect.catchTags({
        Invalid: ({ _tag }) => Effect.succeed<string>(_tag),
        CannotRun: ({ _tag, text }) => Effect.succeed(`${_tag} ${text}`)
      }),
      Effect.map((ended) => assert.strictEqual(ended, end))
    )
  )
})
