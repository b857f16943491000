import { assert, describe, it } from "@effect/vitest"
import { quoted, replayArguments } from "../../../src/cli/test/Replay.ts"

describe("the command that runs one of many tests again", () => {
  it("has the seed in place of the range, and all else as it was", () => {
    assert.deepStrictEqual(replayArguments(["test", "3b", "--seeds", "1..9", "--loss", "0.1"], "3b", 4), [
      "test",
      "3b",
      "--seed",
      "4",
      "--loss",
      "0.1"
    ])
    assert.deepStrictEqual(replayArguments(["test", "--seeds=1..9", "2", "--json"], "2", 0), [
      "test",
      "--seed",
      "0",
      "2"
    ])
  })

  it("has the challenge in place of all of them", () => {
    assert.deepStrictEqual(replayArguments(["test", "all", "--out", "all", "--seeds", "1..2"], "5a", 1), [
      "test",
      "5a",
      "--out",
      "all",
      "--seed",
      "1"
    ])
  })

  it("leaves the arguments of the node alone", () => {
    assert.deepStrictEqual(
      replayArguments(["test", "1", "--bin", "./x", "--seeds", "1..2", "--", "--seeds", "all", "--json"], "1", 2),
      ["test", "1", "--bin", "./x", "--seed", "2", "--", "--seeds", "all", "--json"]
    )
  })

  it("quotes what a shell would take apart", () => {
    assert.strictEqual(quoted(["test", "--bin", "./my node", "it's", ""]), `test --bin './my node' 'it'\\''s' ''`)
  })
})
