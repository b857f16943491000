/**
 * The flags of a test, under Maelstrom's names, with what ours can do besides.
 */
import { Option, Record, Result } from "effect"
import { type Command, Flag } from "effect/cli"
import { levels } from "../../services/Durability.ts"
import { type WorkloadName, workloads } from "../../workbench/workloads/Workloads.ts"
import { type ConsistencyModelName, isConsistencyModel } from "../../workbench/elle/ConsistencyModel.ts"
import { isCheckable } from "../../workbench/elle/ForbiddenAnomalies.ts"
import * as Nemesis from "../../workbench/nemesis/Nemesis.ts"
import { targets } from "../../workbench/nemesis/Targets.ts"
import { distributions } from "../../workbench/network/Latency.ts"
import { distributions as jitterDistributions } from "../../workbench/nodes/Jitter.ts"
import { models } from "../../workbench/network/Network.ts"
import { staleness } from "../../workbench/services/Services.ts"
import { topologies } from "../../workbench/network/Topologies.ts"
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

/** A flag with a whole number above 0. */
export const count = (name: string, description: string) =>
  numbers(name, description, "a whole number above 0", (value) => Number.isSafeInteger(value) && value > 0)

const probability = (name: string, description: string) =>
  numbers(name, description, "a probability from 0 to 1", (value) => value >= 0 && value <= 1)

const modelNames = (text: string) => text.split(",").map((name) => name.trim())

const consistencyModels = Flag.String("consistency-models").pipe(
  Flag.filterMap(
    (text): Option.Option<ReadonlyArray<ConsistencyModelName>> => {
      const names = modelNames(text)
      return names.every(isConsistencyModel) && names.every(isCheckable) ? Option.some(names) : Option.none()
    },
    (text) => {
      const unchecked = modelNames(text).filter((name) => isConsistencyModel(name) && !isCheckable(name))
      return (
        (unchecked.length === 0
          ? "names of consistency models separated by commas, such as: "
          : `models that can be checked, which ${unchecked.join(", ")} cannot, such as: `) +
        "read-uncommitted, read-committed, monotonic-atomic-view, read-atomic, causal, repeatable-read, " +
        "snapshot-isolation, serializable, strict-serializable"
      )
    }
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

/** When our own nodes acknowledge what they are to keep. */
export const durability = Flag.Literals("durability", levels).pipe(
  Flag.withDescription("When our nodes acknowledge: once they, their disk or a second node has it (default: memory)"),
  Flag.optional
)

/** What is wrong with an abort rate for a challenge: that it has no transactions; undefined if it has. */
export const abortRateProblem = (challenge: {
  readonly id: string
  readonly workload: WorkloadName
}): string | undefined =>
  workloads[challenge.workload].microOperations !== undefined
    ? undefined
    : `--abort-rate is for transactions, and challenge ${challenge.id} has none`

/** Whether warnings count; what it is when it is not given is for the command to say. */
export const strict = Flag.Boolean("strict").pipe(
  Flag.withDescription("Let bugs that Maelstrom overlooks count as well")
)

/** What a checker needs to know. */
export const checkFlags = {
  nodeCount: count("node-count", "How many nodes there are"),
  concurrency,
  availability,
  consistencyModels,
  strict: strict.pipe(Flag.withDefault(false))
}

/** What decides how a test runs. */
export const testFlags = {
  ...checkFlags,
  durability,
  rate: nonNegative("rate", "Requests per second, of all clients together"),
  timeLimit: positive("time-limit", "Seconds for which clients send requests"),
  latency: nonNegative("latency", "Mean milliseconds that a message between servers is under way"),
  latencyDist: Flag.Literals("latency-dist", distributions).pipe(
    Flag.withDescription("How latencies are distributed"),
    Flag.optional
  ),
  network: Flag.Literals("network", models).pipe(
    Flag.withDescription("Whether a message holds up those behind it, as in Maelstrom, or each is on its own"),
    Flag.optional
  ),
  nemesis: Flag.String("nemesis").pipe(
    Flag.filterMap(
      (text) => Result.getSuccess(Nemesis.parse(text)),
      () => `any of ${Nemesis.kinds.join(", ")}, separated by commas`
    ),
    Flag.withDescription(
      `Faults to inject, separated by commas (choices: ${Nemesis.kinds.join(", ")}; kill is crash, as in Maelstrom)`
    ),
    Flag.optional
  ),
  nemesisInterval: positive("nemesis-interval", "Mean seconds between two actions of the nemesis"),
  nemesisTargets: Flag.String("nemesis-targets").pipe(
    Flag.filterMap(
      (text) => Option.filter(Result.getSuccess(Nemesis.parseTargets(text)), (chosen) => chosen.length > 0),
      () => `any of ${targets.join(", ")}, separated by commas`
    ),
    Flag.withDescription(
      `Whom faults strike and how partitions cut, separated by commas (choices: ${targets.join(", ")})`
    ),
    Flag.optional
  ),
  clockSkew: nonNegative(
    "clock-skew",
    "The most milliseconds that --nemesis clock sets a clock forward or back, 1000 by default"
  ),
  kv: Flag.Literals("kv", staleness).pipe(
    Flag.withDescription(
      "What seq-kv shows: a random one of its last states as under Maelstrom, or the stalest it may"
    ),
    Flag.optional
  ),
  topology: Flag.Literals("topology", Record.keys(topologies)).pipe(
    Flag.withDescription("The neighbours that nodes are told of"),
    Flag.optional
  ),
  keyCount: count("key-count", "How many keys are in use at once"),
  maxTxnLength: count("max-txn-length", "The most operations of a transaction"),
  maxWritesPerKey: count("max-writes-per-key", "The most writes to a key"),
  loss: probability("loss", "The probability that a message between servers is lost"),
  duplicate: probability("duplicate", "The probability that a message between servers arrives twice"),
  reorder: probability("reorder", "The probability that a message between servers is overtaken by later ones"),
  jitter: nonNegative("jitter", "Mean milliseconds for which a node's process is now and then not run"),
  jitterDist: Flag.Literals("jitter-dist", jitterDistributions).pipe(
    Flag.withDescription("How long --jitter stops a node: up to twice the mean, or always as long (default: uniform)"),
    Flag.optional
  ),
  jitterShare: numbers(
    "jitter-share",
    "The share of the time for which --jitter stops a node (default: 0.05)",
    "a number above 0 and below 1",
    (value) => value > 0 && value < 1
  )
}

/** The values of {@link checkFlags}. */
export type CheckFlags = Command.Command.Config.Infer<typeof checkFlags>

/** The values of {@link testFlags}. */
export type TestFlags = Command.Command.Config.Infer<typeof testFlags>
