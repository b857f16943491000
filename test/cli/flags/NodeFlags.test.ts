import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, layer } from "@effect/vitest"
import { Effect, FileSystem, Option, Ref } from "effect"
import { Command } from "effect/cli"
import * as NodeFlags from "../../../src/cli/flags/NodeFlags.ts"
import { checkFlags } from "../../../src/cli/flags/TestFlags.ts"
import { testOptions } from "../../../src/cli/flags/OptionsOfFlags.ts"
import { parseFlags } from "./parseFlags.ts"

const parameters = { nodeCount: checkFlags.nodeCount, ...NodeFlags.nodeFlags }

const names = Effect.fnUntraced(function* (line: string) {
  const parsed = yield* Ref.make<NodeFlags.NodeFlags | undefined>(undefined)
  const command = Command.make("test", parameters, (flags) => Ref.set(parsed, flags))
  yield* Command.runWith(command, { version: "0", renderErrors: false })(line.split(" ").filter(Boolean))
  return yield* NodeFlags.names((yield* Ref.get(parsed))!)
})

layer(NodeServices.layer)("the names of nodes", (it) => {
  // Jepsen's `parse-nodes` after Maelstrom's `parse-node-count`.
  it.effect.each([
    ["", undefined],
    ["--node-count 3", undefined],
    ["--node a", ["a"]],
    ["--node b -n a", ["b", "a"]],
    ["--nodes b,a.example", ["b", "a.example"]],
    ["--node z --nodes a,b", ["a", "b", "z"]],
    ["--node-count 2 --nodes a,b,d", ["n0", "n1"]],
    ["--node-count 2 --node a", ["n0", "n1", "a"]]
  ] as const)("are of %s: %j", ([line, expected]) =>
    Effect.gen(function* () {
      assert.deepStrictEqual(Option.getOrUndefined(yield* names(line)) as unknown, expected)
    })
  )

  it.effect("come from a file first, one a line", () =>
    Effect.gen(function* () {
      const fileSystem = yield* FileSystem.FileSystem
      const file = yield* fileSystem.makeTempFileScoped()
      yield* fileSystem.writeFileString(file, "x\n  y \n\nz")
      assert.deepStrictEqual(
        Option.getOrUndefined(yield* names(`--node b --nodes a --nodes-file ${file}`)) as unknown,
        ["x", "y", "z", "a", "b"]
      )
      yield* fileSystem.writeFileString(file, "\n")
      assert.include((yield* Effect.flip(names(`--nodes-file ${file}`))).message, "names no node")
      assert.include((yield* Effect.flip(names(`--nodes-file ${file}-`))).message, "no such file")
    })
  )

  it.effect.each([
    ["--node c1", "c1 cannot be the name of a node: names that begin with c are those of clients"],
    ["--nodes a,lin-kv", "lin-kv cannot be the name of a node: it is that of a service"],
    ["--nodes a,b --node a", "two nodes are named a"],
    ["--node-count 2 --node n1", "two nodes are named n1"],
    ["--nodes a,,b", 'expected the name of a node, without spaces and slashes, got ""'],
    ["--node a/b", 'expected the name of a node, without spaces and slashes, got "a/b"'],
    ["--node ..", 'expected the name of a node, without spaces and slashes, got ".."']
  ])("are refused where they would be taken for something else: %s", ([line = "", problem]) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(names(line))
      assert.deepStrictEqual([error._tag, error.message], ["CannotRun", problem])
    })
  )

  it.effect("are as many as the test has nodes", () =>
    Effect.gen(function* () {
      const given = yield* names("--nodes x,y,z")
      const options = testOptions(yield* parseFlags(["--concurrency", "2n"]), { nodeCount: 5 }, 0, given)
      assert.deepInclude(options, { nodeCount: 3, concurrency: 6 })
      assert.deepStrictEqual(options.nodeNames as unknown, ["x", "y", "z"])
    })
  )
})
