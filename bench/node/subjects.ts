/**
 * Which echo nodes are measured.
 */
import { fileURLToPath } from "node:url"
import { Config, Effect, Option, String } from "effect"
import { ChildProcess, ChildProcessSpawner } from "effect/process"
import { systemNode } from "../systemNode.ts"

export interface Subject {
  readonly name: string
  readonly command: string
  readonly args: ReadonlyArray<string>
}

const bundle = fileURLToPath(new URL("../../dist/glomers.mjs", import.meta.url))

const jsDemo = "Maelstrom's demo/js/echo.js"
const goNode = "Maelstrom's Go library"

const jsDemoPath = Config.option(Config.String("MAELSTROM_JS_ECHO"))
const goNodePath = Config.option(Config.String("MAELSTROM_GO_ECHO"))

/** Our node of challenge 6a. */
export const transactional: Subject = {
  name: `glomers node 6a, Node ${process.version}`,
  command: process.execPath,
  args: [bundle, "node", "6a"]
}

/** Ours under the Node that runs this and under the system's, if it has another, then those that are given. */
export const subjects = Effect.gen(function* () {
  const spawner = yield* ChildProcessSpawner.ChildProcessSpawner
  const glomers = (node: string) =>
    Effect.map(spawner.string(ChildProcess.make(node, ["--version"])), (version): Subject => ({
      name: `glomers, Node ${String.trim(version)}`,
      command: node,
      args: [bundle, "node", "1"]
    }))
  const ours = yield* glomers(process.execPath)
  const theirs = systemNode === undefined ? ours : yield* glomers(systemNode)
  const all: ReadonlyArray<Option.Option<Subject>> = [
    Option.some(ours),
    theirs.name === ours.name ? Option.none() : Option.some(theirs),
    Option.map(yield* jsDemoPath, (path) => ({
      name: `${jsDemo}, Node ${process.version}`,
      command: process.execPath,
      args: [path]
    })),
    Option.map(yield* goNodePath, (path) => ({ name: goNode, command: path, args: [] }))
  ]
  return all.flatMap(Option.toArray)
})

/** The names of those that are not given. */
export const absentSubjects = Effect.gen(function* () {
  return [...(Option.isNone(yield* jsDemoPath) ? [jsDemo] : []), ...(Option.isNone(yield* goNodePath) ? [goNode] : [])]
})
