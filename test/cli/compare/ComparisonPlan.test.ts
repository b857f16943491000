import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect } from "effect"
import { challenges } from "../../../src/challenges/registry.ts"
import * as ComparisonPlan from "../../../src/cli/compare/ComparisonPlan.ts"
import { parseFlags } from "../flags/parseFlags.ts"

const plan = (id: string, ...args: ReadonlyArray<string>) =>
  Effect.flatMap(parseFlags(args), (flags) => ComparisonPlan.make({ id, flags, seed: 7 }))

const strategiesOf = (id: string) => Object.keys(challenges.find((challenge) => challenge.id === id)!.strategies)

describe("ComparisonPlan", () => {
  it.effect("takes every strategy of a challenge at its official setting", () =>
    Effect.gen(function* () {
      const { contestants, limits, official, setting } = yield* plan("3d")
      assert.deepStrictEqual(
        contestants.map(({ name }) => name),
        strategiesOf("3d")
      )
      assert.strictEqual(setting.id, "3d")
      assert.isTrue(official)
      assert.deepStrictEqual(Object.keys(limits), ["3d"])
      for (const { plan } of contestants) {
        assert.deepInclude(plan.options, { nodeCount: 25, rate: 100, latency: Duration.millis(100), seed: "7" })
      }
    })
  )

  it.effect("takes the strategies of all parts of a number once each, at the first setting that has limits", () =>
    Effect.gen(function* () {
      const { contestants, limits, setting } = yield* plan("3")
      assert.strictEqual(setting.id, "3d")
      assert.deepStrictEqual(Object.keys(limits), ["3d", "3e"])
      assert.sameMembers(
        contestants.map(({ name }) => name),
        [...new Set(["3b", "3c", "3d", "3e"].flatMap(strategiesOf))]
      )
      assert.includeMembers(
        contestants.map(({ name }) => name),
        ["replicated", "flood", "direct", "acked-tree", "hub-100", "hub-1600", "vector-gossip"]
      )
      assert.strictEqual(new Set(contestants.map(({ plan }) => JSON.stringify(plan.options))).size, 1)
    })
  )

  it.effect("lets flags change the setting for all, and then asks for no limits", () =>
    Effect.gen(function* () {
      const { contestants, limits, official } = yield* plan("3", "--latency", "10", "--nemesis", "partition")
      assert.isFalse(official)
      assert.deepStrictEqual(limits, {})
      for (const { plan } of contestants) {
        assert.deepInclude(plan.options, { nodeCount: 25, latency: Duration.millis(10), nemesis: ["partition"] })
      }
    })
  )

  it.effect.each([{ id: "9" }, { id: "9z" }, { id: "" }, { id: "all" }])(
    "says that there is no challenge $id",
    ({ id }) =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(plan(id))
        assert.strictEqual((error as { readonly _tag: string })._tag, "CannotRun")
        assert.include((error as { readonly text: string }).text, "3d")
      })
  )
})
