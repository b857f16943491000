import { assert, describe, it } from "@effect/vitest"
import { isAnomalyName } from "../../../src/workbench/elle/Anomaly.ts"
import {
  type ConsistencyModelName,
  consistencyModels,
  isConsistencyModel
} from "../../../src/workbench/elle/ConsistencyModel.ts"
import {
  boundary,
  forbidden,
  forbiddenAnomalies,
  isCheckable,
  unmatchedNames
} from "../../../src/workbench/elle/ForbiddenAnomalies.ts"

const forbids = (stronger: ConsistencyModelName, weaker: ConsistencyModelName): boolean =>
  [...forbiddenAnomalies([weaker])].every((anomaly) => forbiddenAnomalies([stronger]).has(anomaly))

describe("consistency models", () => {
  it("forbid all that weaker ones forbid", () => {
    const chains: ReadonlyArray<ReadonlyArray<ConsistencyModelName>> = [
      ["strict-serializable", "strong-session-serializable", "serializable", "repeatable-read", "read-committed"],
      ["strict-serializable", "strong-snapshot-isolation", "snapshot-isolation", "read-atomic", "read-committed"],
      ["snapshot-isolation", "parallel-snapshot-isolation", "causal-cerone", "monotonic-atomic-view"],
      ["read-committed", "read-uncommitted"],
      ["linearizable", "sequential", "causal", "monotonic-reads"]
    ]
    for (const chain of chains) {
      for (const [index, model] of chain.slice(1).entries()) {
        assert.isTrue(forbids(chain[index]!, model), `${chain[index]} ${model}`)
      }
    }
    assert.isFalse(forbids("snapshot-isolation", "repeatable-read"))
    assert.isFalse(forbids("repeatable-read", "snapshot-isolation"))
  })

  it("have aliases", () => {
    assert.deepStrictEqual(forbiddenAnomalies(["PL-2"]), forbiddenAnomalies(["read-committed"]))
    assert.deepStrictEqual(forbiddenAnomalies(["PL-SS"]), forbiddenAnomalies(["strong-serializable"]))
    assert.isTrue(isConsistencyModel("PL-2.99") && isConsistencyModel("repeatable-read"))
    assert.isFalse(isConsistencyModel("eventual"))
    // @ts-expect-error there is no such model
    assert.throws(() => forbiddenAnomalies(["eventual"]), RangeError, "eventual is no consistency model")
  })

  it("are ruled out by what they or weaker ones forbid", () => {
    assert.deepStrictEqual(boundary(["G2-item"]).not, ["repeatable-read"])
    assert.deepStrictEqual(boundary(["G0"]).not, ["read-uncommitted"])
    assert.deepStrictEqual(boundary(["internal"]).not, ["read-atomic"])
    assert.deepStrictEqual(boundary(["G-single-item-realtime"]), {
      not: ["strong-snapshot-isolation"],
      alsoNot: ["strong-serializable"]
    })
    assert.deepStrictEqual(boundary([]), { not: [], alsoNot: [] })
  })

  it("forbid known anomalies, but for the names that no anomaly has or implies", () => {
    const named = new Set(Object.values(forbidden).flat())
    assert.sameMembers(
      [...named].filter((name) => !isAnomalyName(name)),
      [...unmatchedNames]
    )
    // Elle spells Adya's names differently where it has the anomalies, so that these rows match none.
    assert.isTrue(isAnomalyName("GSIb") && isAnomalyName("GSI"))
    assert.isFalse(named.has("GSIb") || named.has("GSI"))
  })

  it("can be checked if anything is looked for that weaker ones allow", () => {
    assert.sameMembers(
      [...consistencyModels].filter((model) => !isCheckable(model)),
      [
        "1SR",
        "PL-2L",
        "PL-3U",
        "PL-FCV",
        "PL-MSR",
        "forward-consistent-view",
        "linearizable",
        "monotonic-snapshot-read",
        "monotonic-view",
        "prefix",
        "sequential",
        "session-serializable",
        "update-serializable",
        "view-serializable"
      ]
    )
  })

  it("are as many as Elle has, aliases included", () => {
    assert.strictEqual(consistencyModels.size, 54)
  })
})
