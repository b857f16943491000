import { assert, describe, it } from "@effect/vitest"
import { Effect, Option } from "effect"
import * as MaelstromResults from "../../../src/cli/maelstrom/MaelstromResults.ts"

describe("MaelstromResults", () => {
  it.effect.each([
    "",
    "nil",
    "oops (",
    "{:valid? true",
    "}}}",
    "{:valid? 1}",
    "{:workload {:valid? true}}",
    "[:valid? true]"
  ])("finds no results in %s", (text) =>
    Effect.map(MaelstromResults.decode(text), (results) => assert.isTrue(Option.isNone(results)))
  )

  it.effect("names the checkers that are not content, and in a line why", () =>
    Effect.gen(function* () {
      const results = yield* MaelstromResults.decode(`{
        :stats {:valid? true, :count 3},
        :availability {:valid? false, :ok-fraction 0.5},
        :net {:valid? :unknown, :error {:via [{:type java.lang.ClassCastException}], :cause "no such class"}},
        :workload {:valid? false, :lost (1 2), :stale (), :lost-count 2, :stale-count 0, :errors nil, :never #{"${"x".repeat(300)}"}},
        :valid? false}`)
      const anomalies = MaelstromResults.anomalies(Option.getOrThrow(results))
      assert.deepStrictEqual(
        anomalies.map(({ message, name }) => [name, message]),
        [
          ["availability", "ok-fraction 0.5"],
          ["net", "error no such class"],
          ["workload", `lost [1,2], lost-count 2, never ["${"x".repeat(117)}…`]
        ]
      )
    })
  )
})
