import { assert, describe, it } from "@effect/vitest"
import { Duration, Exit, Schema } from "effect"
import * as TestOptions from "../../../src/workbench/run/TestOptions.ts"

const encode = Schema.encodeSync(TestOptions.TestOptions)
const decode = Schema.decodeUnknownSync(TestOptions.TestOptions)

const unusual = TestOptions.make({
  nodeCount: 3,
  rate: 12.5,
  timeLimit: "2.5 seconds",
  latency: "0.25 millis",
  latencyDist: "exponential",
  network: "ideal",
  topology: "tree4",
  nemesis: ["partition", "crash"],
  nemesisInterval: Duration.seconds(0.7),
  nemesisTargets: ["one", "all"],
  nemesisAlwaysStrikes: true,
  clockSkew: "50 millis",
  kv: "stale",
  availability: 0.9,
  consistencyModels: ["serializable", "read-atomic"],
  keyCount: 3,
  faults: { loss: 0.1, duplicate: 0.2, reorder: 0.3 },
  jitter: { mean: Duration.millis(2.5), share: 0.1, distribution: "constant" },
  recovery: "1 minute",
  seed: "a seed"
})

describe("TestOptions", () => {
  it("are Maelstrom's defaults, as JSON with units in the names of durations", () => {
    assert.deepStrictEqual(JSON.parse(JSON.stringify(encode(TestOptions.defaults))), {
      nodeCount: 5,
      concurrency: 5,
      rate: 5,
      timeLimitMillis: 60_000,
      latencyMillis: 0,
      latencyDist: "constant",
      network: "maelstrom",
      topology: "grid",
      nemesis: [],
      nemesisIntervalMillis: 10_000,
      nemesisTargets: null,
      nemesisAlwaysStrikes: false,
      clockSkewMillis: 1000,
      kv: "maelstrom",
      availability: null,
      consistencyModels: ["strict-serializable"],
      keyCount: null,
      maxTxnLength: 4,
      maxWritesPerKey: 16,
      faults: { loss: 0, duplicate: 0, reorder: 0 },
      jitter: { meanMillis: 0, share: 0.05, distribution: "uniform" },
      recoveryMillis: 10_000,
      seed: "0"
    })
  })

  it.each([
    { name: "the defaults", options: TestOptions.defaults },
    { name: "others", options: unusual },
    { name: "those of a total availability", options: TestOptions.make({ availability: "total" }) }
  ])("are the same after a way as JSON: $name", ({ options }) => {
    assert.deepStrictEqual(decode(JSON.parse(JSON.stringify(encode(options)))), options)
  })

  it("of runs that were stored before there were targets, clocks and stale stores mean what they did", () => {
    const { clockSkewMillis, kv, nemesisAlwaysStrikes, nemesisTargets, ...older } = encode(TestOptions.defaults)
    assert.deepStrictEqual(
      [clockSkewMillis, kv, nemesisAlwaysStrikes, nemesisTargets],
      [1000, "maelstrom", false, null]
    )
    assert.deepStrictEqual(decode(older), TestOptions.defaults)
  })

  it("are the same after a way as structured data, as threads send it", () => {
    assert.deepStrictEqual(decode(structuredClone(encode(unusual))), unusual)
  })

  it("take durations as texts, and what is not given from the defaults", () => {
    const { latency, nemesisInterval, recovery, timeLimit } = unusual
    assert.deepStrictEqual(
      [timeLimit, latency, nemesisInterval, recovery].map(Duration.toMillis),
      [2500, 0.25, 700, 60_000]
    )
    assert.strictEqual(unusual.maxTxnLength, 4)
    assert.deepStrictEqual(TestOptions.make({}), TestOptions.defaults)
  })

  it.each([
    { name: "a topology", change: { topology: "ring" } },
    { name: "a fault", change: { nemesis: ["flood"] } },
    { name: "a target", change: { nemesisTargets: ["primaries"] } },
    { name: "a store", change: { kv: "fresh" } },
    { name: "a distribution of latencies", change: { latencyDist: "normal" } },
    { name: "a network", change: { network: "real" } },
    { name: "an availability", change: { availability: "partial" } },
    { name: "a duration under another unit's key", change: { timeLimitMillis: undefined, timeLimit: 60 } }
  ])("refuse $name that does not exist", ({ change }) => {
    const changed = { ...encode(TestOptions.defaults), ...change }
    assert.isTrue(Exit.isFailure(Schema.decodeUnknownExit(TestOptions.TestOptions)(changed)))
  })
})
