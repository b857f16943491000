import { assert, describe, it } from "@effect/vitest"
import { Effect, Predicate, Schema, Struct } from "effect"
import * as Kafka from "../../../src/workbench/workloads/kafka/Checker.ts"
import { loadRun, recordedRuns } from "../history/recordedRuns.ts"

const encode = Schema.encodeSync(Kafka.Results)

const kafkaRuns = Effect.gen(function* () {
  const names = (yield* recordedRuns).filter((name) => name.startsWith("kafka-"))
  assert.isAbove(names.length, 15)
  return yield* Effect.forEach(names, (name) => Effect.map(loadRun(name), (run) => ({ name, ...run })))
})

describe("Kafka, on recorded runs of Maelstrom", () => {
  it.effect("agrees with Maelstrom on the verdict, the anomalies, their numbers and the lag", () =>
    Effect.gen(function* () {
      for (const { expected, history, name, options } of yield* kafkaRuns) {
        if (expected.valid !== "unknown") {
          const { results, validity } = Kafka.check(history, options)
          assert.strictEqual(validity, expected.valid, name)
          assert.deepStrictEqual(withoutCases(encode(results)), expected.workload, name)
        }
      }
    })
  )

  it.effect("finds the values that nobody sent in kafka-wrongmsg-1, where Maelstrom's checker throws", () =>
    Effect.gen(function* () {
      const { expected, history, options } = yield* loadRun("kafka-wrongmsg-1")
      const { results, validity } = Kafka.check(history, options)
      assert.strictEqual(expected.valid, "unknown")
      assert.isFalse(validity)
      assert.deepStrictEqual(results.errorTypes, ["garbage-read", "inconsistent-offsets"])
      assert.deepInclude(results.errors["garbage-read"], { count: 23 })
      assert.deepInclude(results.errors["inconsistent-offsets"], { count: 23 })
    })
  )

  it.effect("shows an example of each anomaly, and has no warnings on valid runs", () =>
    Effect.gen(function* () {
      for (const { history, name, options } of yield* kafkaRuns) {
        const { anomalies, results, validity, warnings } = Kafka.check(history, options)
        assert.deepStrictEqual(
          anomalies.map((example) => example.name),
          results.badErrorTypes,
          name
        )
        for (const { operations } of anomalies) {
          assert.isNotEmpty(operations, name)
          assert.isTrue(
            operations.every((operation) => history[operation.index] === operation),
            name
          )
        }
        if (validity === true) {
          assert.isEmpty(warnings, name)
        }
      }
    })
  )
})

/** Our results list fewer fields of each case than Maelstrom's, so that only the number of cases can be compared. */
const withoutCases = (results: { readonly [key: string]: unknown }) =>
  Object.fromEntries(
    Object.entries(results).map(([key, value]) =>
      Predicate.hasProperty(value, "errs") ? [key, Struct.omit(value, ["errs"])] : [key, value]
    )
  )
