import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { defaultStrategy } from "../../src/challenges/Challenge.ts"
import { official } from "../../src/challenges/Official.ts"
import { challenges } from "../../src/challenges/registry.ts"
import * as TestNode from "../services/TestNode.ts"
import * as TestStore from "../services/TestStore.ts"

describe("registry", () => {
  it("has every challenge once, in the order of ids", () => {
    const ids = challenges.map(({ id }) => id)
    assert.deepStrictEqual(ids, [...new Set(ids)].toSorted())
    assert.includeMembers(ids, Object.keys(official))
  })

  it("runs every challenge as it is officially run", () => {
    for (const { flags, id, limits, title, workload } of challenges) {
      assert.isNotEmpty(title)
      const asSet =
        id === "pn-counter" ? { ...official["4"], workload: "pn-counter" } : official[id as keyof typeof official]
      assert.deepStrictEqual<unknown>({ workload, flags, ...(limits && { limits }) }, asSet, id)
    }
  })

  it("has a strategy for every challenge that is used where none is asked for", () => {
    for (const challenge of challenges) {
      assert.isDefined(challenge.strategies[defaultStrategy(challenge)], challenge.id)
    }
    const named = Object.fromEntries(challenges.map((challenge) => [challenge.id, defaultStrategy(challenge)]))
    assert.deepInclude(named, { "1": "echo", "2": "counter", "3a": "single-node" })
  })

  for (const { id, strategies } of challenges) {
    for (const [name, { layer, summary }] of Object.entries(strategies)) {
      it.effect(`makes a node of ${id} with the strategy ${name}`, () =>
        Effect.gen(function* () {
          assert.isNotEmpty(summary)
          const node = yield* TestNode.run(layer, {
            id: "n0",
            nodeIds: ["n0"],
            peers: { "lin-kv": TestStore.make().peer, "seq-kv": TestStore.make().peer }
          })
          assert.strictEqual((yield* node.init).type, "init_ok")
        })
      )
    }
  }
})
