/**
 * Reads from a `jepsen.log` with which command line Maelstrom was run.
 */
import { Effect, FileSystem, Option } from "effect"
import { NodeId } from "../../protocol/NodeId.ts"
import * as NodeFlags from "../flags/NodeFlags.ts"
import { checkFlags } from "../flags/TestFlags.ts"
import * as Arguments from "../process/Arguments.ts"
import { CannotRun } from "../process/CannotRun.ts"
import type { RunSettings } from "./RunSettings.ts"

/** Workloads of Maelstrom that there are not here. */
export const otherWorkloads: ReadonlyArray<string> = ["g-set", "lin-kv", "txn-list-append"]

/**
 * What the flags of Maelstrom's command line tell of a run; none where the file is not there, or does not hold one.
 * Fails with `CannotRun` at a value that means nothing here.
 */
export const settings = Effect.fn("JepsenLog.settings")(function* (file: string) {
  const words = yield* commandLine(file)
  return Option.isNone(words) ? Option.none<RunSettings>() : Option.some(yield* fromFlags(file, words.value))
})

const commandLine = Effect.fnUntraced(
  function* (file: string) {
    const fileSystem = yield* FileSystem.FileSystem
    const handle = yield* fileSystem.open(file, { flag: "r" })
    const beginning = new TextDecoder().decode(Option.getOrUndefined(yield* handle.readAlloc(lengthOfBeginning)))
    const [, line] = /Command line:\s*\n\s*lein run (?:test|test-all|demo) ([^\n]*)/.exec(beginning) ?? []
    return Option.map(Option.fromUndefinedOr(line), wordsOf)
  },
  Effect.scoped,
  Effect.orElseSucceed(() => Option.none<ReadonlyArray<string>>())
)

/** Operations follow, which may be very many. */
const lengthOfBeginning = 100_000

/** Jepsen puts words in double quotes that a shell would take apart. */
const wordsOf = (line: string): ReadonlyArray<string> =>
  [...line.matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/g)].map(
    ([, quoted, word]) => quoted?.replaceAll(/\\(.)/g, "$1") ?? word!
  )

const fromFlags = Effect.fnUntraced(function* (file: string, words: ReadonlyArray<string>) {
  const given = Arguments.values(words)
  const all = (...names: ReadonlyArray<string>) => names.flatMap((name) => given.get(name) ?? [])
  // Of a flag that is given twice, Maelstrom takes the last.
  const last = (...names: ReadonlyArray<string>) => all(...names).slice(-1)
  const parsed = {
    arguments: [],
    flags: {
      "node-count": last("--node-count"),
      concurrency: last("--concurrency"),
      availability: last("--availability"),
      "consistency-models": last("--consistency-models"),
      node: all("--node", "-n"),
      nodes: last("--nodes"),
      "nodes-file": []
    }
  }
  return yield* Effect.gen(function* () {
    const [, nodeCount] = yield* checkFlags.nodeCount.parse(parsed)
    const [, concurrency] = yield* checkFlags.concurrency.parse(parsed)
    const [, availability] = yield* checkFlags.availability.parse(parsed)
    const [, consistencyModels] = yield* checkFlags.consistencyModels.parse(parsed)
    const [, node] = yield* NodeFlags.nodeFlags.node.parse(parsed)
    const [, nodes] = yield* NodeFlags.nodeFlags.nodes.parse(parsed)
    const names = yield* NodeFlags.names({ nodeCount, node, nodes, nodesFile: Option.none() })
    const run: RunSettings = {
      workload: Option.some(last("--workload", "-w")[0] ?? defaultWorkload),
      nodeNames: Option.isNone(names) && Option.isNone(nodeCount) ? Option.some(defaultNodes) : names,
      flags: { nodeCount, concurrency, availability, consistencyModels, strict: Option.none() }
    }
    return run
  }).pipe(Effect.mapError(({ message }) => CannotRun.because({ message: `the command line in ${file}: ${message}` })))
})

const defaultWorkload = "lin-kv"

const defaultNodes = ["n1", "n2", "n3", "n4", "n5"].map((name) => NodeId.make(name))
