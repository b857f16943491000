import { assert, describe, it } from "@effect/vitest"
import { Effect, Predicate, Struct } from "effect"
import * as Availability from "../../../src/workbench/checkers/Availability.ts"
import type { Workload } from "../../../src/workbench/workloads/Workload.ts"
import { workloads } from "../../../src/workbench/workloads/Workloads.ts"
import { composite } from "../../../src/workbench/checkers/Composite.ts"
import * as Exceptions from "../../../src/workbench/checkers/Exceptions.ts"
import * as Stats from "../../../src/workbench/checkers/Stats.ts"
import { canonical } from "../../../src/workbench/json/JsonValue.ts"
import type { Verdict } from "../../../src/workbench/checkers/Verdict.ts"
import { loadRun, recordedRuns } from "../history/recordedRuns.ts"

const all = await Effect.runPromise(recordedRuns)

// The transactional workloads and kafka have tests of their own.
const compared = all.filter((run) => /^(echo|uid|bc|gc|pn)-/.test(run))

const checkRun = Effect.fnUntraced(function* (name: string) {
  const run = yield* loadRun(name)
  const checker = new Map<string, Workload>(Object.entries(workloads)).get(run.workload)?.check
  return yield* checker === undefined
    ? Effect.die(`No checker for ${run.workload}`)
    : Effect.succeed({ ...run, verdict: composite(checker)(run.history, run.options) })
})

const part = (verdict: Verdict, name: string): { readonly [key: string]: unknown } => {
  const results = verdict.results[name]
  return Predicate.isReadonlyObject(results) ? results : {}
}

// Maelstrom lists wrong echoes in no particular order.
const inOrder = (results: { readonly [key: string]: unknown }) =>
  Array.isArray(results["errors"]) ? { ...results, errors: new Set(results["errors"].map(canonical)) } : results

describe("recorded runs", () => {
  describe.each(all)("%s", (name) => {
    it.effect("has the statistics, availability and exceptions that Maelstrom found", () =>
      Effect.gen(function* () {
        const { expected, history, options, exceptions } = yield* loadRun(name)
        assert.deepStrictEqual(Stats.check(history).results, expected.stats)
        assert.deepStrictEqual(Availability.check(history, options).results, expected.availability)
        const kinds = (Exceptions.check(history, options).results["exceptions"] ?? []) as ReadonlyArray<{
          count: number
        }>
        assert.strictEqual(
          kinds.reduce((sum, { count }) => sum + count, 0),
          exceptions
        )
      })
    )
  })

  describe.each(compared)("%s", (name) => {
    it.effect("is judged as by Maelstrom, unless Maelstrom did not come to a verdict", () =>
      Effect.gen(function* () {
        const { verdict, expected } = yield* checkRun(name)
        if (expected.valid === "unknown") {
          assert.isTrue(verdict.valid)
          return
        }
        assert.strictEqual(verdict.results["valid?"], expected.valid)
        const results = part(verdict, "workload")
        const comparable = Struct.pick(results, Object.keys(expected.workload))
        assert.deepStrictEqual(inOrder(comparable), inOrder(expected.workload))
        assert.strictEqual(verdict.anomalies.length > 0, !expected.valid)
      })
    )
  })

  it.effect.each([
    { name: "echo-silent-1", warnings: ["unanswered"] },
    { name: "echo-malformed-1", warnings: ["malformed-reply"] },
    { name: "bc-forget-1", warnings: ["forgotten", "final-reads-disagree"] },
    { name: "bc-dup-1", warnings: ["duplicated"] },
    { name: "bc-phantom-1", warnings: ["phantom"] },
    { name: "bc-strings-1", warnings: ["wrong-type"] }
  ])("$name has a bug that Maelstrom does not notice", ({ name, warnings }) =>
    Effect.gen(function* () {
      const { verdict } = yield* checkRun(name)
      assert.isTrue(verdict.valid)
      assert.deepStrictEqual([...new Set(verdict.warnings.map((anomaly) => anomaly.name))], warnings)
    })
  )

  it.effect.each(
    [
      ["echo-ok-1", "uid-ok-1", "uid-lists-1", "uid-kinds-1", "uid-err13-90-1"],
      ["bc-ok-goA3d-1", "bc-late-1", "gc-indef4-1", "gc-err11-1", "pn-ok-1"]
    ].flat()
  )("%s has no bug, and none is found", (name) =>
    Effect.gen(function* () {
      const { verdict } = yield* checkRun(name)
      assert.deepStrictEqual([verdict.anomalies, verdict.warnings], [[], []])
    })
  )
})
