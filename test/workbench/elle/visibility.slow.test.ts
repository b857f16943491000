import { assert, describe, it } from "@effect/vitest"
import { found, models } from "./byModel.ts"
import { causalRuns, longRun } from "./causalRuns.ts"

describe("visibility in long histories", () => {
  const seeds = ["0", "1", "2", "3", "4"]

  it("breaks no model where replicas keep causal order", () => {
    for (const seed of seeds) {
      const history = causalRuns(longRun(seed, 3000))
      for (const model of models) {
        assert.deepStrictEqual(found(model, history), [], `${model}, seed ${seed}`)
      }
    }
  })

  it("is found out where replicas do not", () => {
    for (const seed of seeds) {
      const history = causalRuns(longRun(seed, 3000), { ordered: false })
      assert.isNotEmpty(found("causal", history), `seed ${seed}`)
      assert.deepStrictEqual(found("read-atomic", history), [], `seed ${seed}`)
    }
  })

  it("is found out where replicas show a part of a transaction", () => {
    const histories = seeds.map((seed) => causalRuns(longRun(seed, 3000, 0.7), { whole: false }))
    for (const history of histories) {
      assert.deepStrictEqual(found("causal", history), [])
    }
    // It takes a read of both keys before the rest of the transaction is heard of, moments later.
    assert.isAbove(histories.filter((history) => found("read-atomic", history).length > 0).length, 1)
  })
})
