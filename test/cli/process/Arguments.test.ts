import { assert, describe, it } from "@effect/vitest"
import { parameters as check } from "../../../src/cli/check/parameters.ts"
import { parameters as compare } from "../../../src/cli/compare/parameters.ts"
import { parameters as maelstrom } from "../../../src/cli/maelstrom/parameters.ts"
import { parameters as node } from "../../../src/cli/node/parameters.ts"
import * as Arguments from "../../../src/cli/process/Arguments.ts"
import { parameters as replay } from "../../../src/cli/replay/parameters.ts"
import { parameters as test } from "../../../src/cli/test/parameters.ts"
import { declaredFlags } from "../flags/flagNames.ts"

const words = (text: string) => text.split(" ")

describe("passThrough", () => {
  it.each([
    ["maelstrom 4", "maelstrom 4 --"],
    ["maelstrom 4 --rate 50", "maelstrom 4 -- --rate 50"],
    ["maelstrom 4 -- --rate 50", "maelstrom 4 -- --rate 50"],
    ["maelstrom 4 --rate 50 -- --json", "maelstrom 4 -- --rate 50 --json"],
    ["maelstrom --strategy tree 3d --log-stderr", "maelstrom --strategy tree 3d -- --log-stderr"],
    ["maelstrom 3d --rate 5 --strategy tree --json x", "maelstrom 3d --strategy tree --json -- --rate 5 x"],
    ["maelstrom 3d --out=here --rate=5 --no-json", "maelstrom 3d --out=here --no-json -- --rate=5"],
    ["maelstrom 3d --json=true --out", "maelstrom 3d --json=true --out --"],
    ["maelstrom 3d --log-level debug -h", "maelstrom 3d --log-level debug -h --"],
    ["maelstrom --rate 5 3d", "maelstrom --rate 5 -- 3d"]
  ])("makes %s into %s", (given, parsed) => {
    assert.deepStrictEqual(Arguments.passThrough(words(given)), words(parsed))
  })

  it.each(["", "test 3d --rate 5", "node 1", "--help", "test maelstrom --wat"])("leaves %s alone", (given) => {
    assert.deepStrictEqual(Arguments.passThrough(words(given)), words(given))
  })
})

describe("explicit", () => {
  it.each([
    ["test --json 1", "test --json=true 1"],
    ["test 1 --strict --no-json --rate 5", "test 1 --strict=true --json=false --rate 5"],
    ["test 1 --no-ssh --json=false", "test 1 --no-ssh=true --json=false"],
    ["test -wecho --bin x -nn7 -w kafka -w=echo -h", "test -w=echo --bin x -n=n7 -w kafka -w=echo -h"],
    ["test 1 -rate 5 --latency -5", "test 1 ---rate 5 --latency -5"],
    ["test 1 --bin x -- --json 1 -rate", "test 1 --bin x -- --json 1 -rate"]
  ])("makes %s into %s", (given, parsed) => {
    assert.deepStrictEqual(Arguments.explicit(words(given)), words(parsed))
  })
})

describe("lastOfEach", () => {
  it.each([
    ["test 1 --rate 5 --latency 10 --rate 7", "test 1 --latency 10 --rate 7"],
    ["test --rate=5 1 --rate 7 --json=true --json=false", "test 1 --rate 7 --json=false"],
    ["test --node a --node b -n c -w echo --workload kafka", "test --node a --node b -n c --workload kafka"],
    ["check --workload echo x -w=kafka y", "check x -w=kafka y"],
    ["test -h 1 -h --rate 5", "test 1 -h --rate 5"],
    ["test 1 --bin x -- --rate 1 --rate 2", "test 1 --bin x -- --rate 1 --rate 2"],
    ["test 1 --bin x --", "test 1 --bin x --"]
  ])("makes %s into %s", (given, parsed) => {
    assert.deepStrictEqual(Arguments.lastOfEach(words(given)), words(parsed))
  })
})

describe("values", () => {
  it("are those of each flag, in their order", () => {
    const line = "-w kafka --rate 5 --log-stderr --node a --rate=6 -wecho --no-ssh --node b -- --rate 7"
    assert.deepStrictEqual(
      Object.fromEntries(Arguments.values(words(line))),
      Object.fromEntries([
        ["-w", ["kafka", "echo"]],
        ["--rate", ["5", "6"]],
        ["--log-stderr", ["true"]],
        ["--node", ["a", "b"]],
        ["--no-ssh", ["true"]]
      ])
    )
  })
})

describe("plainNode", () => {
  it.each([
    ["node 3d", { challenge: "3d", strategy: undefined }],
    ["node 3d --strategy tree", { challenge: "3d", strategy: "tree" }],
    ["node 9z", { challenge: "9z", strategy: undefined }]
  ])("reads %s", (given, plain) => {
    assert.deepStrictEqual(Arguments.plainNode(words(given)), plain)
  })

  it.each([
    "node",
    "node 3d tree",
    "node 3d --strategy",
    "node 3d --strategy=tree",
    "node --strategy tree 3d",
    "node 6c --abort-rate 0.1",
    "node 3d --strategy tree --abort-rate 0.1",
    "list 3d"
  ])("leaves %s to the command line", (given) => {
    assert.isUndefined(Arguments.plainNode(words(given)))
  })
})

describe("isNode", () => {
  it.each([
    ["node", true],
    ["node 3d --strategy=tree", true],
    ["test node", false],
    ["maelstrom 3d -- node 3d", false]
  ])("knows of %s whether it is a node: %s", (given, is) => {
    assert.strictEqual(Arguments.isNode(words(given)), is)
  })

  it("is false of no command", () => {
    assert.isFalse(Arguments.isNode([]))
  })
})

describe("operands", () => {
  it.each([
    ["test 3d --rate 5", "3d", "3d", ""],
    ["test 3d --bin x -- a --b", "3d a --b", "3d", "a --b"],
    ["test -w echo --bin x -- a", "a", "", "a"],
    ["test 3d --bin x --", "3d", "3d", ""],
    ["test 3d --bin x -- a -- b", "3d a -- b", "3d", "a -- b"]
  ])("tells what stands before the -- of %s", (given, positional, before, behind) => {
    assert.deepStrictEqual(Arguments.operands(words(given), words(positional).filter(Boolean)), {
      operands: words(before).filter(Boolean),
      trailing: words(behind).filter(Boolean)
    })
  })
})

describe("the command that runs one of many tests again", () => {
  it("has the seed in place of the range, and all else as it was", () => {
    assert.deepStrictEqual(Arguments.replay(["test", "3b", "--seeds", "1..9", "--loss", "0.1"], "3b", 4), [
      "test",
      "3b",
      "--seed",
      "4",
      "--loss",
      "0.1"
    ])
    assert.deepStrictEqual(Arguments.replay(["test", "--seeds=1..9", "2", "--json"], "2", 0), [
      "test",
      "--seed",
      "0",
      "2"
    ])
  })

  it("has the challenge in place of all of them", () => {
    assert.deepStrictEqual(Arguments.replay(["test", "all", "--out", "all", "--seeds", "1..2"], "5a", 1), [
      "test",
      "5a",
      "--out",
      "all",
      "--seed",
      "1"
    ])
    assert.deepStrictEqual(Arguments.replay(words("test --no-json --strict all --seeds 1..2"), "5a", 1), [
      "test",
      "--no-json",
      "--strict",
      "5a",
      "--seed",
      "1"
    ])
  })

  it("leaves the arguments of the node alone", () => {
    assert.deepStrictEqual(
      Arguments.replay(["test", "1", "--bin", "./x", "--seeds", "1..2", "--", "--seeds", "all", "--json"], "1", 2),
      ["test", "1", "--bin", "./x", "--seed", "2", "--", "--seeds", "all", "--json"]
    )
  })

  it("quotes what a shell would take apart", () => {
    assert.strictEqual(
      Arguments.quoted(["test", "--bin", "./my node", "it's", ""]),
      `test --bin './my node' 'it'\\''s' ''`
    )
  })
})

describe("the flags that are known without effect/cli", () => {
  // What every command has besides its own.
  const fromEffect = new Set(["--completions", "--log-level", "--help", "-h", "--version", "--wizard"])
  const own = (flags: ReadonlySet<string>) => [...flags].filter((flag) => !fromEffect.has(flag))

  it("are those of the command that runs Maelstrom", () => {
    const flags = declaredFlags(maelstrom)
    const named = (isBoolean: boolean) =>
      flags
        .filter(({ primitiveType }) => (primitiveType._tag === "Boolean") === isBoolean)
        .map(({ name }) => `--${name}`)
    assert.sameMembers(own(Arguments.maelstromFlags.switches), named(true))
    assert.sameMembers(own(Arguments.maelstromFlags.withValue), named(false))
  })

  it("are the switches of all commands, each of which is a switch in all of them", () => {
    const flags = [check, compare, maelstrom, node, replay, test].flatMap(declaredFlags)
    const named = (isBoolean: boolean) =>
      flags
        .filter(({ primitiveType }) => (primitiveType._tag === "Boolean") === isBoolean)
        .map(({ name }) => `--${name}`)
    assert.sameMembers([...Arguments.switches], [...new Set(named(true))])
    assert.deepStrictEqual(
      named(false).filter((flag) => Arguments.switches.has(flag)),
      []
    )
    assert.sameMembers([...Arguments.shortFlags], [...new Set(flags.flatMap(({ aliases }) => aliases))])
  })

  it("are those of a test that no value follows", () => {
    const flags = declaredFlags(test).filter(({ primitiveType }) => primitiveType._tag === "Boolean")
    assert.sameMembers(
      own(Arguments.testFlags.switches),
      flags.map(({ name }) => `--${name}`)
    )
  })
})
