/**
 * The options of a test run, and their defaults.
 */
import { Duration, Effect, Record, Schema, SchemaGetter } from "effect"
import { ConsistencyModelName } from "../elle/ConsistencyModel.ts"
import { NodeId } from "../../protocol/NodeId.ts"
import * as Nemesis from "../nemesis/Nemesis.ts"
import { targets } from "../nemesis/Targets.ts"
import { distributions } from "../network/Latency.ts"
import * as Services from "../services/Services.ts"
import { Faults, models, reliable } from "../network/Network.ts"
import { topologies } from "../network/Topologies.ts"
import * as Jitter from "../nodes/Jitter.ts"

/** A number that need not be there, encoded as `null`: JSON has no `undefined`. */
const UndefinedFromNull = Schema.NullOr(Schema.Int).pipe(
  Schema.decodeTo(Schema.UndefinedOr(Schema.Int), {
    decode: SchemaGetter.transform((count) => count ?? undefined),
    encode: SchemaGetter.transform((count) => count ?? null)
  })
)

/** A key that older runs do not have, and what they meant. */
const laterKey = <S extends Schema.Constraint>(before: S["Encoded"]) =>
  Schema.withDecodingDefaultKey<S>(Effect.succeed(before))

/**
 * Maelstrom's flags, under their own names in camel case, and what ours can do besides. All that decides a run in
 * virtual time is here, save the nodes and the workload.
 *
 * Encoded it is JSON, for reports and for other threads: durations are numbers of milliseconds, under keys that say so
 * (`timeLimitMillis`, …).
 */
export const TestOptions = Schema.Struct({
  nodeCount: Schema.Int,
  /** The names of the nodes, as many as `nodeCount` says; absent for `n0`, `n1`, … */
  nodeNames: Schema.optionalKey(Schema.Array(NodeId)),
  /** How many clients there are, in all. */
  concurrency: Schema.Int,
  /** Operations per second, of all clients together; 0 for none. */
  rate: Schema.Finite,
  /** For how long clients begin operations. */
  timeLimit: Schema.DurationFromMillis,
  /** Mean latency of a message between servers. */
  latency: Schema.DurationFromMillis,
  latencyDist: Schema.Literals(distributions),
  /** How messages are received. */
  network: Schema.Literals(models),
  topology: Schema.Literals(Record.keys(topologies)),
  /** Kinds of faults to inject, see `nemesis/`. */
  nemesis: Schema.Array(Schema.Literals(Nemesis.kinds)),
  /** Mean time between two actions of the nemesis. */
  nemesisInterval: Schema.DurationFromMillis,
  /** Whom faults strike, and how partitions cut: `null` for what is usual for each fault. */
  nemesisTargets: Schema.NullOr(Schema.Array(Schema.Literals(targets))).pipe(laterKey(null)),
  /** Whether targets that cut or strike nothing at this number of nodes are left out, as under `--strict`. */
  nemesisAlwaysStrikes: Schema.Boolean.pipe(laterKey(false)),
  /** How far the nemesis sets clocks forward or back at most. */
  clockSkew: Schema.DurationFromMillis.pipe(laterKey(1000)),
  /** Which of the states that it may show `seq-kv` shows, see `services/Sequential.ts`. */
  kv: Schema.Literals(Services.staleness).pipe(laterKey("maelstrom")),
  /** How many client operations must succeed: `"total"` for all, a fraction, or `null` for any number. */
  availability: Schema.NullOr(Schema.Union([Schema.Literal("total"), Schema.Finite])),
  consistencyModels: Schema.Array(ConsistencyModelName),
  keyCount: UndefinedFromNull,
  maxTxnLength: Schema.Int,
  maxWritesPerKey: Schema.Int,
  /** How unreliable the network is throughout, besides what the nemesis does. */
  faults: Faults,
  /** Whether nodes are now and then not run for some milliseconds. */
  jitter: Jitter.Jitter,
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
    clockSkew: "clockSkewMillis",
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
  network: "maelstrom",
  topology: "grid",
  nemesis: [],
  nemesisInterval: Duration.seconds(10),
  nemesisTargets: null,
  nemesisAlwaysStrikes: false,
  clockSkew: Duration.seconds(1),
  kv: "maelstrom",
  availability: null,
  consistencyModels: ["strict-serializable"],
  keyCount: undefined,
  maxTxnLength: 4,
  maxWritesPerKey: 16,
  faults: reliable,
  jitter: Jitter.none,
  recovery: Duration.seconds(10),
  seed: "0"
}

/** The names of a test's nodes where it gives none: `n0`, `n1`, … */
export const nodeIds = (count: number): ReadonlyArray<NodeId> =>
  Array.from({ length: count }, (_, index) => NodeId.make(`n${index}`))

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
    clockSkew: Duration.fromInputUnsafe(options.clockSkew),
    recovery: Duration.fromInputUnsafe(options.recovery)
  }
}
