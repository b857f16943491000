import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect, Schema } from "effect"
import { official } from "../../../src/challenges/Official.ts"
import { nemesisProblem, testOptions } from "../../../src/cli/flags/OptionsOfFlags.ts"
import * as TestOptions from "../../../src/workbench/run/TestOptions.ts"
import { parseFlags } from "./parseFlags.ts"

describe("the flags of a test", () => {
  it.effect("default to Maelstrom's values", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(
        testOptions(yield* parseFlags([]), {}, 7),
        TestOptions.make({
          nodeCount: 5,
          concurrency: 5,
          rate: 5,
          timeLimit: "60 seconds",
          latency: "0 millis",
          latencyDist: "constant",
          network: "maelstrom",
          topology: "grid",
          nemesis: [],
          nemesisInterval: "10 seconds",
          nemesisTargets: null,
          nemesisAlwaysStrikes: false,
          clockSkew: "1 second",
          kv: "maelstrom",
          availability: null,
          consistencyModels: ["strict-serializable"],
          keyCount: undefined,
          maxTxnLength: 4,
          maxWritesPerKey: 16,
          faults: { loss: 0, duplicate: 0, reorder: 0 },
          jitter: { mean: Duration.zero, share: 0.05, distribution: "uniform" },
          recovery: "10 seconds",
          seed: "7"
        })
      )
    })
  )

  it.effect.each([
    ["1", { nodeCount: 1, concurrency: 1, rate: 5, timeLimitMillis: 10_000 }],
    [
      "2",
      {
        nodeCount: 3,
        concurrency: 3,
        rate: 1000,
        timeLimitMillis: 30_000,
        availability: "total" as const,
        nemesis: ["partition"]
      }
    ],
    ["3a", { nodeCount: 1, concurrency: 1, rate: 10, timeLimitMillis: 20_000 }],
    ["3b", { nodeCount: 5, concurrency: 5, rate: 10, timeLimitMillis: 20_000 }],
    ["3c", { nodeCount: 5, concurrency: 5, rate: 10, timeLimitMillis: 20_000, nemesis: ["partition"] }],
    ["3d", { nodeCount: 25, concurrency: 25, rate: 100, timeLimitMillis: 20_000, latencyMillis: 100 }],
    ["3e", { nodeCount: 25, concurrency: 25, rate: 100, timeLimitMillis: 20_000, latencyMillis: 100 }],
    ["4", { nodeCount: 3, concurrency: 3, rate: 100, timeLimitMillis: 20_000, nemesis: ["partition"] }],
    ["5a", { nodeCount: 1, concurrency: 2, rate: 1000, timeLimitMillis: 20_000 }],
    ["5b", { nodeCount: 2, concurrency: 4, rate: 1000, timeLimitMillis: 20_000 }],
    ["5c", { nodeCount: 2, concurrency: 4, rate: 1000, timeLimitMillis: 20_000 }],
    ["6a", { nodeCount: 1, concurrency: 2, consistencyModels: ["read-uncommitted"], availability: "total" as const }],
    ["6b", { nodeCount: 2, concurrency: 4, consistencyModels: ["read-uncommitted"], nemesis: ["partition"] }],
    ["6c", { nodeCount: 2, concurrency: 4, consistencyModels: ["read-committed"], nemesis: ["partition"] }]
  ] as const)("run challenge %s as it is set", ([id, expected]) =>
    Effect.gen(function* () {
      const options = testOptions(yield* parseFlags([]), official[id].flags, 0)
      assert.deepInclude(Schema.encodeSync(TestOptions.TestOptions)(options), expected)
      if (!("nemesis" in expected)) {
        assert.deepStrictEqual(options.nemesis, [])
      }
    })
  )

  it.effect("override what is set, each under Maelstrom's name", () =>
    Effect.gen(function* () {
      const flags = yield* parseFlags(
        [
          "--node-count 7 --concurrency 3n --rate 12.5 --time-limit 4 --latency 20 --latency-dist exponential --network ideal",
          "--topology tree4 --nemesis partition,loss --nemesis-interval 2.5 --availability 0.9 --key-count 3",
          "--consistency-models serializable,read-atomic --max-txn-length 2 --max-writes-per-key 9 --loss 0.1",
          "--duplicate 0.2 --reorder 0.3 --nemesis-targets one,all --clock-skew 250 --kv stale",
          "--jitter 5 --jitter-share 0.2 --jitter-dist constant"
        ].flatMap((line) => line.split(" "))
      )
      assert.deepStrictEqual(
        testOptions(flags, official["6c"].flags, 1),
        TestOptions.make({
          nodeCount: 7,
          concurrency: 21,
          rate: 12.5,
          timeLimit: "4 seconds",
          latency: "20 millis",
          latencyDist: "exponential",
          network: "ideal",
          topology: "tree4",
          nemesis: ["partition", "loss"],
          nemesisInterval: "2.5 seconds",
          nemesisTargets: ["one", "all"],
          clockSkew: "250 millis",
          kv: "stale",
          availability: 0.9,
          consistencyModels: ["serializable", "read-atomic"],
          keyCount: 3,
          maxTxnLength: 2,
          maxWritesPerKey: 9,
          faults: { loss: 0.1, duplicate: 0.2, reorder: 0.3 },
          jitter: { mean: Duration.millis(5), share: 0.2, distribution: "constant" },
          recovery: "10 seconds",
          seed: "1"
        })
      )
    })
  )

  it.effect("draw only partitions that cut something for a strict judge", () =>
    Effect.gen(function* () {
      assert.isTrue(testOptions(yield* parseFlags(["--strict"]), {}, 0).nemesisAlwaysStrikes)
    })
  )

  it.effect.each([
    { args: "--nemesis clock,kill --clock-skew 5 --nemesis-targets all", processes: false, problem: undefined },
    { args: "--nemesis-targets all", processes: true, problem: undefined },
    { args: "--jitter 5 --jitter-share 0.1", processes: true, problem: undefined },
    { args: "--jitter-share 0.1", processes: false, problem: /--jitter-share .* --jitter,/ },
    { args: "--jitter-dist constant", processes: false, problem: /--jitter-dist .* --jitter,/ },
    { args: "--nemesis crash,clock", processes: true, problem: /clock .* --bin/ },
    { args: "--nemesis crash,disk", processes: true, problem: /disk .* --bin/ },
    { args: "--nemesis crash,disk --nemesis-targets all", processes: false, problem: undefined },
    { args: "--nemesis crash --clock-skew 5", processes: false, problem: /--clock-skew .* --nemesis clock/ },
    {
      args: "--nemesis partition,loss --nemesis-targets all",
      processes: false,
      problem: /any of one, minority-third, /
    },
    { args: "--nemesis loss --nemesis-targets one", processes: false, problem: /no targets/ }
  ])("say what makes no sense of $args", ({ args, problem, processes }) =>
    Effect.gen(function* () {
      const flags = yield* parseFlags(args.split(" "))
      const text = nemesisProblem(flags, testOptions(flags, {}, 0), processes)
      if (problem === undefined) {
        assert.isUndefined(text)
      } else {
        assert.match(text ?? "", problem)
        assert.notInclude(text, "\n")
      }
    })
  )

  it.effect("count clients by nodes only with an n", () =>
    Effect.gen(function* () {
      const plain = yield* parseFlags(["--concurrency", "4", "--node-count", "3"])
      const byNodes = yield* parseFlags(["--concurrency", "4n", "--node-count", "3"])
      assert.strictEqual(testOptions(plain, {}, 0).concurrency, 4)
      assert.strictEqual(testOptions(byNodes, {}, 0).concurrency, 12)
    })
  )

  it.effect.each([
    ["--rate", "-1"],
    ["--rate", "fast"],
    ["--node-count", "0"],
    ["--node-count", "1.5"],
    ["--time-limit", "0"],
    ["--latency", "-1"],
    ["--latency-dist", "normal"],
    ["--network", "real"],
    ["--jitter", "-1"],
    ["--jitter-share", "1"],
    ["--topology", "ring"],
    ["--nemesis", "partition,meteor"],
    ["--nemesis-interval", "0"],
    ["--nemesis-targets", "one,primaries"],
    ["--nemesis-targets", ""],
    ["--clock-skew", "-1"],
    ["--kv", "fresh"],
    ["--availability", "1.1"],
    ["--availability", "most"],
    ["--concurrency", "0"],
    ["--concurrency", "n"],
    ["--concurrency", "2m"],
    ["--consistency-models", "read-committed,wishful"],
    ["--consistency-models", "read-committed,linearizable"],
    ["--key-count", "-3"],
    ["--max-txn-length", "0"],
    ["--max-writes-per-key", "0"],
    ["--loss", "1.5"],
    ["--duplicate", "-0.1"],
    ["--reorder", "often"]
  ] as const)("refuse %s %s", ([flag, value]) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(parseFlags([flag, value]))
      assert.strictEqual(error._tag, "ShowHelp")
      const messages = error._tag === "ShowHelp" ? error.errors.map(({ message }) => message) : []
      assert.strictEqual(messages.length, 1)
      assert.include(messages[0], flag)
      assert.include(messages[0], value)
    })
  )
})
