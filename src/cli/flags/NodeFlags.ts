/**
 * `--node`, `--nodes` and `--nodes-file`: the names of a test's nodes, joined as Jepsen and Maelstrom join them.
 */
import { Effect, FileSystem, Option } from "effect"
import { type Command, Flag } from "effect/cli"
import { NodeId } from "../../protocol/NodeId.ts"
import { isClient } from "../../workbench/network/Network.ts"
import * as Services from "../../workbench/services/Services.ts"
import { nodeIds } from "../../workbench/run/TestOptions.ts"
import { CannotRun } from "../process/CannotRun.ts"

export const nodeFlags = {
  node: Flag.String("node").pipe(
    Flag.withAlias("n"),
    Flag.withDescription("The name of a node; once for each of them"),
    Flag.atLeast(0)
  ),
  nodes: Flag.String("nodes").pipe(
    Flag.map((text) => text.split(/,\s*/)),
    Flag.withDescription("Names of nodes, separated by commas"),
    Flag.optional
  ),
  nodesFile: Flag.String("nodes-file").pipe(
    Flag.withDescription("A file with the names of nodes, one a line"),
    Flag.optional
  )
}

/** The values of {@link nodeFlags}, and of `--node-count`. */
export interface NodeFlags extends Command.Command.Config.Infer<typeof nodeFlags> {
  readonly nodeCount: Option.Option<number>
}

/**
 * The names that were given: those of the file, then those of `--nodes`, or as many as `--node-count` says, then those
 * of each `--node`; none if nothing but the count was given. Fails with `CannotRun` where a file cannot be read, or a
 * name would be taken for something else.
 */
export const names = Effect.fn("NodeFlags.names")(function* ({ node, nodeCount, nodes, nodesFile }: NodeFlags) {
  if (node.length === 0 && Option.isNone(nodes) && Option.isNone(nodesFile)) {
    return Option.none<ReadonlyArray<NodeId>>()
  }
  const fromFile = Option.isNone(nodesFile) ? [] : yield* linesOf(nodesFile.value)
  const listed = Option.match(nodeCount, { onNone: () => Option.getOrElse(nodes, () => []), onSome: nodeIds })
  const all = [...fromFile, ...listed, ...node]
  const problem =
    all.map(problemOf).find((text) => text !== undefined) ??
    all.filter((name, index) => all.indexOf(name) !== index).map((name) => `two nodes are named ${name}`)[0]
  return problem === undefined
    ? Option.some(all.map((name) => NodeId.make(name)))
    : yield* new CannotRun({ text: problem })
})

const linesOf = Effect.fnUntraced(function* (file: string) {
  const fileSystem = yield* FileSystem.FileSystem
  const text = yield* fileSystem
    .readFileString(file)
    .pipe(Effect.mapError(CannotRun.orMissing(`--nodes-file ${file}: there is no such file`)))
  const lines = text.split("\n").map((line) => line.trim())
  const found = lines.filter((line) => line !== "")
  return found.length > 0 ? found : yield* new CannotRun({ text: `--nodes-file ${file} names no node` })
})

/** What is wrong with the name of a node; undefined if nothing is. */
const problemOf = (name: string): string | undefined => {
  if (!/^[^\s/\\]+$/.test(name) || name === "." || name === "..") {
    return `expected the name of a node, without spaces and slashes, got ${JSON.stringify(name)}`
  }
  // So it is under Maelstrom, which does not say so.
  if (isClient(NodeId.make(name))) {
    return `${name} cannot be the name of a node: names that begin with c are those of clients`
  }
  return Services.names.some((service) => service === name)
    ? `${name} cannot be the name of a node: it is that of a service`
    : undefined
}
