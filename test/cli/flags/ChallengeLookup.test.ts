import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { ids } from "../../../src/challenges/registry.ts"
import * as ChallengeLookup from "../../../src/cli/flags/ChallengeLookup.ts"

const broadcast = ChallengeLookup.challenge("3d")

describe("the lookup of what a command line names", () => {
  it.effect("finds every challenge, and each of its strategies", () =>
    Effect.forEach(
      ids,
      Effect.fnUntraced(function* (id) {
        const challenge = yield* ChallengeLookup.challenge(id)
        assert.strictEqual(challenge.id, id)
        for (const [name, { layer }] of Object.entries(challenge.strategies)) {
          const found = yield* ChallengeLookup.strategy(challenge, name)
          assert.deepStrictEqual([found.name, found.layer], [name, layer])
        }
      })
    )
  )

  it.effect("takes a challenge's first strategy where none is named", () =>
    Effect.gen(function* () {
      const { name } = yield* ChallengeLookup.strategy(yield* broadcast, undefined)
      assert.strictEqual(name, Object.keys((yield* broadcast).strategies)[0])
    })
  )

  it.effect.each(["9z", "", "toString"])("says which challenges there are in place of %j", (id) =>
    Effect.gen(function* () {
      const { text } = yield* Effect.flip(ChallengeLookup.challenge(id))
      assert.strictEqual(text, `there is no challenge ${id}, expected one of: all, ${ids.join(", ")}`)
    })
  )

  it.effect.each(["magic", "toString"])("says which strategies there are in place of %s", (name) =>
    Effect.gen(function* () {
      const { text } = yield* Effect.flip(ChallengeLookup.strategy(yield* ChallengeLookup.challenge("2"), name))
      assert.strictEqual(text, `challenge 2 has no strategy ${name}, expected one of: counter, snowflake, sequential`)
    })
  )
})
