import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema, Struct } from "effect"
import * as Availability from "../../../src/workbench/checkers/Availability.ts"
import { workloads } from "../../../src/workbench/workloads/Workloads.ts"
import { composite } from "../../../src/workbench/checkers/Composite.ts"
import * as Exceptions from "../../../src/workbench/checkers/Exceptions.ts"
import * as Stats from "../../../src/workbench/checkers/Stats.ts"
import { canonical } from "../../../src/workbench/json/JsonValue.ts"
import type { AnyWorkload } from "../../../src/workbench/workloads/Workload.ts"
import { loadRun, recordedRuns } from "../history/recordedRuns.ts"

const all = await Effect.runPromise(recordedRuns)

// The transactional workloads and kafka have tests of their own.
const compared = all.filter((run) => /^(echo|uid|bc|gc|pn)-/.test(run))

/** Ours, among which some are not that were recorded. */
const named: { readonly [name: string]: AnyWorkload | undefined } = workloads

const checkRun = Effect.fnUntraced(function* (name: string) {
  const run = yield* loadRun(name)
  const workload = named[run.workload]!
  const verdict = composite(workload)(run.history, run.options)
  return { ...run, verdict, encoded: Schema.encodeSync(workload.results)(verdict.results.workload) }
})

// Maelstrom lists wrong echoes in no particular order.
const inOrder = (results: { readonly [key: string]: unknown }) =>
  Array.isArray(results["errors"]) ? { ...results, errors: new Set(results["errors"].map(canonical)) } : results

describe("recorded runs", () => {
  describe.each(all)("%s", (name) => {
    it.effect("has the statistics, availability and exceptions that Maelstrom found", () =>
      Effect.gen(function* () {
        const { expected, history, options, exceptions, workload } = yield* loadRun(name)
        const stats = Stats.check(history, named[workload]?.neverSucceeds).results
        assert.deepStrictEqual(Schema.encodeSync(Stats.Results)(stats), expected.stats)
        const availability = Availability.check(history, options).results
        assert.deepStrictEqual(Schema.encodeSync(Availability.Results)(availability), expected.availability)
        const kinds = Exceptions.check(history, options).results.exceptions ?? []
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
        const { encoded, expected, verdict } = yield* checkRun(name)
        if (expected.valid === "unknown") {
          assert.isTrue(verdict.validity)
          return
        }
        assert.strictEqual(verdict.validity, expected.valid)
        const comparable = Struct.pick(encoded, Object.keys(expected.workload))
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
      assert.isTrue(verdict.validity)
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
