import { assert, describe, it } from "@effect/vitest"
import { Effect, FileSystem, Schema } from "effect"
import { NodeFileSystem } from "@effect/platform-node"
import * as Zlib from "node:zlib"
import * as EdnParser from "../../../src/workbench/json/EdnParser.ts"
import { canonical } from "../../../src/workbench/json/JsonValue.ts"
import { figures, resultsOf } from "../../../src/workbench/run/RunResults.ts"
import { WorkloadName } from "../../../src/workbench/workloads/Workloads.ts"
import { loadRun, recordedRuns } from "../history/recordedRuns.ts"

const folder = `${import.meta.dirname}/../../recorded`

/** The runs of which all of Maelstrom's results are kept, with these. */
const results = Effect.gen(function* () {
  const fileSystem = yield* FileSystem.FileSystem
  const names = yield* Effect.filter(yield* recordedRuns, (name) =>
    fileSystem.exists(`${folder}/${name}/results.edn.gz`)
  )
  return yield* Effect.forEach(names, (name) =>
    Effect.gen(function* () {
      const text = Zlib.gunzipSync(yield* fileSystem.readFile(`${folder}/${name}/results.edn.gz`)).toString()
      const { workload } = yield* loadRun(name)
      return { name, workload, written: EdnParser.parse(text) }
    })
  )
}).pipe(Effect.provide(NodeFileSystem.layer))

const all = (await Effect.runPromise(results)).flatMap(({ name, workload, written }) =>
  Schema.is(WorkloadName)(workload) ? [{ name, workload, written }] : []
)

describe("the results of a run", () => {
  it.each(all)("are read from those of Maelstrom, and written as they were: $name", ({ workload, written }) => {
    const schema = resultsOf(workload)
    const read = Schema.decodeUnknownSync(schema)(written)
    assert.strictEqual(canonical(Schema.encodeSync(schema)(read)), canonical(written))
    // What is not in the form of ours has its validity alone.
    assert.isTrue(read.stats !== undefined && "byF" in read.stats)
    assert.isTrue(read.net !== undefined && "servers" in read.net)
    const { okFraction, serverMessagesPerOperation } = figures(workload, read)
    assert.isNumber(okFraction)
    assert.isNumber(serverMessagesPerOperation)
  })

  it("of Maelstrom are kept for several workloads", () => {
    assert.isAbove(new Set(all.map(({ workload }) => workload)).size, 3)
  })
})
