/**
 * The options of a test as a schema, for plans that are stored or sent to a worker thread.
 */
import { Record, Schema, SchemaGetter } from "effect"
import { consistencyModels } from "../../workbench/elle/ConsistencyModel.ts"
import * as Nemesis from "../../workbench/nemesis/Nemesis.ts"
import { distributions } from "../../workbench/network/Latency.ts"
import type { TestOptions } from "../../workbench/run/TestOptions.ts"
import { topologies } from "../../workbench/workloads/broadcast/Topologies.ts"

/** A number that need not be there, encoded as `null`: JSON has no `undefined`. */
const UndefinedFromNull = Schema.NullOr(Schema.Int).pipe(
  Schema.decodeTo(Schema.UndefinedOr(Schema.Int), {
    decode: SchemaGetter.transform((count) => count ?? undefined),
    encode: SchemaGetter.transform((count) => count ?? null)
  })
)

/** {@link TestOptions} as they are, in the units that they have. */
export const OptionsSchema: Schema.Codec<TestOptions, unknown> = Schema.Struct({
  nodeCount: Schema.Int,
  concurrency: Schema.Int,
  rate: Schema.Finite,
  timeLimit: Schema.Finite,
  latency: Schema.Finite,
  latencyDist: Schema.Literals(distributions),
  topology: Schema.Literals(Record.keys(topologies)),
  nemesis: Schema.Array(Schema.Literals(Nemesis.kinds)),
  nemesisInterval: Schema.Finite,
  availability: Schema.NullOr(Schema.Union([Schema.Literal("total"), Schema.Finite])),
  consistencyModels: Schema.Array(Schema.Literals([...consistencyModels])),
  keyCount: UndefinedFromNull,
  maxTxnLength: Schema.Int,
  maxWritesPerKey: Schema.Int,
  faults: Schema.Struct({ loss: Schema.Finite, duplicate: Schema.Finite, reorder: Schema.Finite }),
  recovery: Schema.Finite,
  seed: Schema.String
})
