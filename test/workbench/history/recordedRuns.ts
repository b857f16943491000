import { NodeFileSystem } from "@effect/platform-node"
import { assert } from "@effect/vitest"
import { Effect, FileSystem, Schema } from "effect"
import { type CheckOptions, defaults } from "../../../src/workbench/checkers/CheckOptions.ts"
import { isConsistencyModel } from "../../../src/workbench/elle/ConsistencyModel.ts"
import * as HistoryFile from "../../../src/workbench/history/HistoryFile.ts"

const folder = `${import.meta.dirname}/../../recorded`

const Results = Schema.Record(Schema.String, Schema.Unknown)

const Run = Schema.Struct({
  workload: Schema.String,
  flags: Schema.Array(Schema.String),
  bug: Schema.NullOr(Schema.String),
  exceptions: Schema.Int
})

const Expected = Schema.Struct({
  valid: Schema.Union([Schema.Boolean, Schema.Literal("unknown")]),
  workload: Results,
  stats: Results,
  availability: Results
})

const decodeRun = Schema.decodeUnknownEffect(Schema.fromJsonString(Run))
const decodeExpected = Schema.decodeUnknownEffect(Schema.fromJsonString(Expected))

/** The names of the runs in `test/recorded`. */
export const recordedRuns = Effect.gen(function* () {
  const fileSystem = yield* FileSystem.FileSystem
  const names = yield* fileSystem.readDirectory(folder)
  return names.filter((name) => !name.includes(".")).toSorted()
}).pipe(Effect.provide(NodeFileSystem.layer))

/** The path of a run's history. */
export const recordedHistory = (run: string): string => `${folder}/${run}/history.jsonl.gz`

/** A recorded run with what Maelstrom says of it. */
export const loadRun = Effect.fnUntraced(function* (name: string) {
  const fileSystem = yield* FileSystem.FileSystem
  const run = yield* decodeRun(yield* fileSystem.readFileString(`${folder}/${name}/run.json`))
  const expected = yield* decodeExpected(yield* fileSystem.readFileString(`${folder}/${name}/expected.json`))
  const history = yield* HistoryFile.load(recordedHistory(name))
  return { ...run, expected, history, options: optionsOf(run.flags) }
}, Effect.provide(NodeFileSystem.layer))

const optionsOf = (flags: ReadonlyArray<string>): CheckOptions => {
  const flag = (name: string, otherwise: string): string => {
    const place = flags.indexOf(`--${name}`)
    return place === -1 ? otherwise : (flags[place + 1] ?? otherwise)
  }
  const nodeCount = Number(flag("node-count", "5"))
  const concurrency = flag("concurrency", "1n")
  const availability = flag("availability", "none")
  const consistencyModels = flag("consistency-models", defaults.consistencyModels.join(",")).split(",")
  assert(consistencyModels.every(isConsistencyModel))
  return {
    nodeCount,
    concurrency: concurrency.endsWith("n") ? Number.parseInt(concurrency) * nodeCount : Number(concurrency),
    availability: availability === "none" ? null : availability === "total" ? "total" : Number(availability),
    consistencyModels
  }
}
