/**
 * Options of a test from its flags: what they say, else the official value, else Maelstrom's default.
 */
import { Duration, Option } from "effect"
import type { Flags } from "../../challenges/Official.ts"
import type { NodeId } from "../../protocol/NodeId.ts"
import * as Nemesis from "../../workbench/nemesis/Nemesis.ts"
import type { Target } from "../../workbench/nemesis/Targets.ts"
import { defaults, type TestOptions } from "../../workbench/run/TestOptions.ts"
import * as Concurrency from "./Concurrency.ts"
import type { CheckFlags, TestFlags } from "./TestFlags.ts"

/** All options of a test. `nodeNames` are the names of nodes that were given, see `NodeFlags`. */
export const testOptions = (
  flags: TestFlags,
  official: Partial<Flags>,
  seed: number,
  nodeNames: Option.Option<ReadonlyArray<NodeId>> = Option.none()
): TestOptions => ({
  ...checkOptions(flags, official, nodeNames),
  rate: or(flags.rate, official.rate ?? defaults.rate),
  timeLimit: duration(flags.timeLimit, official.timeLimit, Duration.seconds, defaults.timeLimit),
  latency: duration(flags.latency, official.latency, Duration.millis, defaults.latency),
  latencyDist: or(flags.latencyDist, defaults.latencyDist),
  network: or(flags.network, defaults.network),
  topology: or(flags.topology, defaults.topology),
  nemesis: or(flags.nemesis, official.nemesis === undefined ? defaults.nemesis : [official.nemesis]),
  nemesisInterval: duration(flags.nemesisInterval, undefined, Duration.seconds, defaults.nemesisInterval),
  nemesisTargets: or(flags.nemesisTargets, defaults.nemesisTargets),
  nemesisAlwaysStrikes: flags.strict,
  clockSkew: duration(flags.clockSkew, undefined, Duration.millis, defaults.clockSkew),
  kv: or(flags.kv, defaults.kv),
  keyCount: or(flags.keyCount, defaults.keyCount),
  maxTxnLength: or(flags.maxTxnLength, defaults.maxTxnLength),
  maxWritesPerKey: or(flags.maxWritesPerKey, defaults.maxWritesPerKey),
  faults: {
    loss: or(flags.loss, defaults.faults.loss),
    duplicate: or(flags.duplicate, defaults.faults.duplicate),
    reorder: or(flags.reorder, defaults.faults.reorder)
  },
  jitter: {
    mean: duration(flags.jitter, undefined, Duration.millis, defaults.jitter.mean),
    share: or(flags.jitterShare, defaults.jitter.share),
    distribution: or(flags.jitterDist, defaults.jitter.distribution)
  },
  recovery: defaults.recovery,
  ...(flags.strict && { finalReads: true }),
  seed: String(seed)
})

/** The part of a test's options that its checkers depend on. */
export const checkOptions = (
  flags: CheckFlags,
  official: Partial<Flags> = {},
  nodeNames: Option.Option<ReadonlyArray<NodeId>> = Option.none()
) => {
  const nodeCount = Option.match(nodeNames, {
    onNone: () => or(flags.nodeCount, official.nodeCount ?? defaults.nodeCount),
    onSome: ({ length }) => length
  })
  return {
    nodeCount,
    ...(Option.isSome(nodeNames) && { nodeNames: nodeNames.value }),
    concurrency: Concurrency.clients(or(flags.concurrency, official.concurrency ?? "1n"), nodeCount),
    availability: or(flags.availability, official.availability ?? defaults.availability),
    consistencyModels: or(
      flags.consistencyModels,
      official.consistencyModels === undefined ? defaults.consistencyModels : [official.consistencyModels]
    )
  }
}

/**
 * What is wrong with how faults are asked for, if anything is; `ofProcesses` where nodes are processes of their own.
 */
export const nemesisProblem = (
  flags: TestFlags,
  { nemesis, nemesisTargets }: TestOptions,
  ofProcesses: boolean
): string | undefined => {
  if (nemesis.includes("clock") && ofProcesses) {
    return "--nemesis clock sets the clocks of our own nodes, and cannot set those of processes: expected it without --bin"
  }
  if (nemesis.includes("disk") && ofProcesses) {
    return "--nemesis disk is for the disks of our own nodes, and cannot strike those of processes: expected it without --bin"
  }
  if ((Option.isSome(flags.jitterShare) || Option.isSome(flags.jitterDist)) && Option.isNone(flags.jitter)) {
    return "--jitter-share and --jitter-dist are for --jitter, expected it as well"
  }
  if (Option.isSome(flags.clockSkew) && !nemesis.includes("clock")) {
    return "--clock-skew is for the clocks of --nemesis clock, expected both"
  }
  const possible = new Set<Target>(nemesis.flatMap((kind) => Nemesis.targetsOf[kind]))
  return nemesisTargets === null || nemesis.length === 0 || nemesisTargets.some((target) => possible.has(target))
    ? undefined
    : `--nemesis-targets ${nemesisTargets.join(",")} fits no fault of --nemesis ${nemesis.join(",")}, ` +
        (possible.size === 0 ? "which has no targets" : `expected any of ${[...possible].join(", ")}`)
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
