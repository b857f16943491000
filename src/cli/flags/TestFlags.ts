/**
 * The flags of a test, under Maelstrom's names, with what ours can do besides.
 */
import { Duration, Option, Record, Result } from "effect"
import { type Command, Flag } from "effect/cli"
import type { Flags } from "../../challenges/Official.ts"
import { type WorkloadName, workloads } from "../../workbench/workloads/Workloads.ts"
import { type ConsistencyModelName, isConsistencyModel } from "../../workbench/elle/ConsistencyModel.ts"
import * as Nemesis from "../../workbench/nemesis/Nemesis.ts"
import { distributions } from "../../workbench/network/Latency.ts"
import { defaults, type TestOptions } from "../../workbench/run/TestOptions.ts"
import { topologies } from "../../workbench/workloads/broadcast/Topologies.ts"
import * as Concurrency from "./Concurrency.ts"

const numbers = (name: string, description: string, expected: string, isRight: (value: number) => boolean) =>
  Flag.Finite(name).pipe(
    Flag.filter(isRight, () => expected),
    Flag.withDescription(description),
    Flag.optional
  )

const positive = (name: string, description: string) =>
  numbers(name, description, "a number above 0", (value) => value > 0)

const nonNegative = (name: string, description: string) =>
  numbers(name, description, "a number of at least 0", (value) => value >= 0)

const count = (name: string, description: string) =>
  numbers(name, description, "a whole number above 0", (value) => Number.isSafeInteger(value) && value > 0)

const probability = (name: string, description: string) =>
  numbers(name, description, "a probability from 0 to 1", (value) => value >= 0 && value <= 1)

const consistencyModels = Flag.String("consistency-models").pipe(
  Flag.filterMap(
    (text): Option.Option<ReadonlyArray<ConsistencyModelName>> => {
      const names = text.split(",").map((name) => name.trim())
      return names.every(isConsistencyModel) ? Option.some(names) : Option.none()
    },
    () =>
      "names of consistency models separated by commas, such as: read-uncommitted, read-committed, " +
      "monotonic-atomic-view, repeatable-read, snapshot-isolation, serializable, strict-serializable"
  ),
  Flag.withDescription("What transactions promise, separated by commas"),
  Flag.optional
)

const availability = Flag.String("availability").pipe(
  Flag.filterMap(
    (text): Option.Option<"total" | number> => {
      if (text === "total") {
        return Option.some("total")
      }
      const fraction = text.trim() === "" ? Number.NaN : Number(text)
      return fraction >= 0 && fraction <= 1 ? Option.some(fraction) : Option.none()
    },
    () => 'either "total" or a number from 0 to 1'
  ),
  Flag.withDescription("The fraction of requests that must succeed, or total for all of them"),
  Flag.optional
)

const concurrency = Flag.String("concurrency").pipe(
  Flag.filter(
    Concurrency.isConcurrency,
    () => "a whole number above 0, with an n behind it to multiply it by the nodes"
  ),
  Flag.withDescription("How many clients there are, as a number (4) or in multiples of the nodes (2n)"),
  Flag.optional
)

/** What share of transactions our own nodes abort. */
export const abortRate = probability("abort-rate", "The share of writing transactions that our nodes abort, as 0.01")

/** What is wrong with an abort rate for a challenge: that it has no transactions; undefined if it has. */
export const abortRateProblem = (challenge: {
  readonly id: string
  readonly workload: WorkloadName
}): string | undefined =>
  workloads[challenge.workload].functions.includes("txn")
    ? undefined
    : `--abort-rate is for transactions, and challenge ${challenge.id} has none`

/** What a checker needs to know. */
export const checkFlags = {
  nodeCount: count("node-count", "How many nodes there are"),
  concurrency,
  availability,
  consistencyModels,
  strict: Flag.Boolean("strict").pipe(
    Flag.withDescription("Let bugs that Maelstrom overlooks count as well"),
    Flag.withDefault(false)
  )
}

/** What decides how a test runs. */
export const testFlags = {
  ...checkFlags,
  rate: nonNegative("rate", "Requests a second, of all clients together"),
  timeLimit: positive("time-limit", "Seconds for which clients send requests"),
  latency: nonNegative("latency", "Mean milliseconds that a message between servers is under way"),
  latencyDist: Flag.Literals("latency-dist", distributions).pipe(
    Flag.withDescription("How latencies are distributed"),
    Flag.optional
  ),
  nemesis: Flag.String("nemesis").pipe(
    Flag.filterMap(
      (text) => Result.getSuccess(Nemesis.parse(text)),
      () => `any of ${Nemesis.kinds.join(", ")}, separated by commas`
    ),
    Flag.withDescription(`Faults to inject, separated by commas (choices: ${Nemesis.kinds.join(", ")})`),
    Flag.optional
  ),
  nemesisInterval: positive("nemesis-interval", "Mean seconds between two actions of the nemesis"),
  topology: Flag.Literals("topology", Record.keys(topologies)).pipe(
    Flag.withDescription("The neighbours that nodes are told of"),
    Flag.optional
  ),
  keyCount: count("key-count", "How many keys are in use at once"),
  maxTxnLength: count("max-txn-length", "The most operations of a transaction"),
  maxWritesPerKey: count("max-writes-per-key", "The most writes to a key"),
  loss: probability("loss", "The probability that a message between servers is lost"),
  duplicate: probability("duplicate", "The probability that a message between servers arrives twice"),
  reorder: probability("reorder", "The probability that a message between servers is overtaken by later ones")
}

/** The values of {@link checkFlags}. */
export type CheckFlags = Command.Command.Config.Infer<typeof checkFlags>

/** The values of {@link testFlags}. */
export type TestFlags = Command.Command.Config.Infer<typeof testFlags>

/** The options of a test: what the flags say, else the official value, else Maelstrom's default. */
export const testOptions = (flags: TestFlags, official: Partial<Flags>, seed: number): TestOptions => ({
  ...checkOptions(flags, official),
  rate: or(flags.rate, official.rate ?? defaults.rate),
  timeLimit: duration(flags.timeLimit, official.timeLimit, Duration.seconds, defaults.timeLimit),
  latency: duration(flags.latency, official.latency, Duration.millis, defaults.latency),
  latencyDist: or(flags.latencyDist, defaults.latencyDist),
  topology: or(flags.topology, defaults.topology),
  nemesis: or(flags.nemesis, official.nemesis === undefined ? defaults.nemesis : [official.nemesis]),
  nemesisInterval: duration(flags.nemesisInterval, undefined, Duration.seconds, defaults.nemesisInterval),
  keyCount: or(flags.keyCount, defaults.keyCount),
  maxTxnLength: or(flags.maxTxnLength, defaults.maxTxnLength),
  maxWritesPerKey: or(flags.maxWritesPerKey, defaults.maxWritesPerKey),
  faults: {
    loss: or(flags.loss, defaults.faults.loss),
    duplicate: or(flags.duplicate, defaults.faults.duplicate),
    reorder: or(flags.reorder, defaults.faults.reorder)
  },
  recovery: defaults.recovery,
  ...(flags.strict && { finalReads: true }),
  seed: String(seed)
})

/** The part of a test's options that its checkers depend on. */
export const checkOptions = (flags: CheckFlags, official: Partial<Flags> = {}) => {
  const nodeCount = or(flags.nodeCount, official.nodeCount ?? defaults.nodeCount)
  return {
    nodeCount,
    concurrency: Concurrency.clients(or(flags.concurrency, official.concurrency ?? "1n"), nodeCount),
    availability: or(flags.availability, official.availability ?? defaults.availability),
    consistencyModels: or(
      flags.consistencyModels,
      official.consistencyModels === undefined ? defaults.consistencyModels : [official.consistencyModels]
    )
  }
}

const or = <A, B = A>(flag: Option.Option<A>, otherwise: B): A | B => Option.getOrElse(flag, () => otherwise)

const duration = (
  flag: Option.Option<number>,
  official: number | undefined,
  unit: (count: number) => Duration.Duration,
  otherwise: Duration.Duration
): Duration.Duration => {
  const count = Option.getOrElse(flag, () => official)
  return count === undefined ? otherwise : unit(count)
}
