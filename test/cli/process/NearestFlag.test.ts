import { assert, describe, it } from "@effect/vitest"
import { nearest } from "../../../src/cli/process/NearestFlag.ts"

const known = [
  "rate",
  "node",
  "nodes",
  "node-count",
  "nemesis",
  "nemesis-interval",
  "consistency-models",
  "log-net-send"
]

describe("the flag that was meant", () => {
  it.each([
    ["--rat", "rate"],
    ["-rate", "rate"],
    ["--Rate", "rate"],
    ["--noed", "node"],
    ["--nodecount", "node-count"],
    ["--consistency-model", "consistency-models"],
    ["--nemsis-intervall", "nemesis-interval"],
    ["--log-network-send", "log-net-send"]
  ])("is for %s the nearest one, %s", (given, meant) => {
    assert.strictEqual(nearest(given, known), meant)
  })

  it.each(["--wat", "--x", "--verbose", "--latency"])("is none where nothing is near %s", (given) => {
    assert.isUndefined(nearest(given, known))
  })
})
