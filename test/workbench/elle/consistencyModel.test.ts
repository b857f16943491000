import { assert, describe, it } from "@effect/vitest"
import {
  boundary,
  consistencyModels,
  forbiddenAnomalies,
  isConsistencyModel
} from "../../../src/workbench/elle/ConsistencyModel.ts"

const forbids = (stronger: string, weaker: string): boolean =>
  [...forbiddenAnomalies([weaker])].every((anomaly) => forbiddenAnomalies([stronger]).has(anomaly))

describe("consistency models", () => {
  it("forbid all that weaker ones forbid", () => {
    const chains = [
      ["strict-serializable", "strong-session-serializable", "serializable", "repeatable-read", "read-committed"],
      ["strict-serializable", "strong-snapshot-isolation", "snapshot-isolation", "read-atomic", "read-committed"],
      ["snapshot-isolation", "parallel-snapshot-isolation", "causal-cerone", "monotonic-atomic-view"],
      ["read-committed", "read-uncommitted"],
      ["linearizable", "sequential", "causal", "monotonic-reads"]
    ]
    for (const chain of chains) {
      for (const [place, model] of chain.slice(1).entries()) {
        assert.isTrue(forbids(chain[place]!, model), `${chain[place]} ${model}`)
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

  it("are as many as Elle has, aliases included", () => {
    assert.strictEqual(consistencyModels.size, 54)
  })
})
