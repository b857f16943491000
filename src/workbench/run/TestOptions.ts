/**
 * The options of a test run, and their defaults.
 */
import { Duration, Record, Schema, SchemaGetter } from "effect"
import { ConsistencyModelName } from "../elle/ConsistencyModel.ts"
import * as Nemesis from "../nemesis/Nemesis.ts"
import { distributions } from "../network/Latency.ts"
import { Faults, reliable } from "../network/Network.ts"
import { topologies } from "../workloads/broadcast/Topologies.ts"

/** A number that need not be there, encoded as `null`: JSON has no `undefined`. */
const UndefinedFromNull = Schema.NullOr(Schema.Int).pipe(
  Schema.decodeTo(Schema.UndefinedOr(Schema.Int), {
    decode: SchemaGetter.transform((count) => count ?? undefined),
    encode: SchemaGetter.transform((count) => count ?? null)
  })
)

/**
 * Maelstrom's flags, under their own names in camel case, and what ours can do besides. All that decides a run in
 * virtual time is here, save the nodes and the workload.
 *
 * Encoded it is JSON, for reports and for other threads: durations are numbers of milliseconds, under keys that say so
 * (`timeLimitMillis`, …).
 */
export const TestOptions = Schema.Struct({
  nodeCount: Schema.Int,
  /** How many clients there are, in all. */
  concurrency: Schema.Int,
  /** Operations per second, of all clients together; 0 for none. */
  rate: Schema.Finite,
  /** For how long clients begin operations. */
  timeLimit: Schema.DurationFromMillis,
  /** Mean latency of a message between servers. */
  latency: Schema.DurationFromMillis,
  latencyDist: Schema.Literals(distributions),
  topology: Schema.Literals(Record.keys(topologies)),
  /** Kinds of faults to inject, see `nemesis/`. */
  nemesis: Schema.Array(Schema.Literals(Nemesis.kinds)),
  /** Mean time between two actions of the nemesis. */
  nemesisInterval: Schema.DurationFromMillis,
  /** How many client operations must succeed: `"total"` for all, a fraction, or `null` for any number. */
  availability: Schema.NullOr(Schema.Union([Schema.Literal("total"), Schema.Finite])),
  consistencyModels: Schema.Array(ConsistencyModelName),
  keyCount: UndefinedFromNull,
  maxTxnLength: Schema.Int,
  maxWritesPerKey: Schema.Int,
  /** How unreliable the network is throughout, besides what the nemesis does. */
  faults: Faults,
  /** The quiet between the healing of all faults and the final operations. */
  recovery: Schema.DurationFromMillis,
  /** Whether clients look, at the end, at what Maelstrom's do not look at, so that a strict judge sees it. */
  finalReads: Schema.optionalKey(Schema.Boolean),
  /** Decides everything that is left to chance. */
  seed: Schema.String
}).pipe(
  Schema.encodeKeys({
    timeLimit: "timeLimitMillis",
    latency: "latencyMillis",
    nemesisInterval: "nemesisIntervalMillis",
    recovery: "recoveryMillis"
  })
)

export interface TestOptions extends Schema.Schema.Type<typeof TestOptions> {}

/** Maelstrom's defaults. */
export const defaults: TestOptions = {
  nodeCount: 5,
  concurrency: 5,
  rate: 5,
  timeLimit: Duration.seconds(60),
  latency: Duration.zero,
  latencyDist: "constant",
  topology: "grid",
  nemesis: [],
  nemesisInterval: Duration.seconds(10),
  availability: null,
  consistencyModels: ["strict-serializable"],
  keyCount: undefined,
  maxTxnLength: 4,
  maxWritesPerKey: 16,
  faults: reliable,
  recovery: Duration.seconds(10),
  seed: "0"
}

/** {@link TestOptions} as one writes them down in a program: see {@link make}. */
export type Settings = { readonly [K in keyof TestOptions]?: Setting<TestOptions[K]> }

type Setting<A> = A extends Duration.Duration ? A | `${number} ${Duration.Unit}` : A

/**
 * Options from those that differ from the {@link defaults}. Durations may be texts such as `"20 seconds"`; bare numbers
 * are none, since some of Maelstrom's flags are seconds and others milliseconds.
 */
export const make = (settings: Settings): TestOptions => {
  const options = { ...defaults, ...settings }
  return {
    ...options,
    timeLimit: Duration.fromInputUnsafe(options.timeLimit),
    latency: Duration.fromInputUnsafe(options.latency),
    nemesisInterval: Duration.fromInputUnsafe(options.nemesisInterval),
    recovery: Duration.fromInputUnsafe(options.recovery)
  }
}
