/**
 * Plans the runs that a command line asks for.
 */
import { Effect, Option } from "effect"
import { type Challenge, defaultStrategy } from "../../challenges/Challenge.ts"
import { type Official, official } from "../../challenges/Official.ts"
import type { NodeId } from "../../protocol/NodeId.ts"
import type { WorkloadName } from "../../workbench/workloads/Workloads.ts"
import { challenges } from "../../challenges/registry.ts"
import * as ChallengeLookup from "../flags/ChallengeLookup.ts"
import { CannotRun } from "../process/CannotRun.ts"
import { abortRateProblem, type TestFlags } from "../flags/TestFlags.ts"
import { nemesisProblem, testOptions } from "../flags/OptionsOfFlags.ts"
import type { LayerNodes, Nodes, ProcessNodes, TestPlan } from "../plan/TestPlan.ts"

/** What was asked for. */
export interface Request {
  /** An id, or `all`. */
  readonly challenge: string | undefined
  readonly workload: WorkloadName | undefined
  readonly strategy: string | undefined
  readonly abortRate: number | undefined
  readonly bin: string | undefined
  /** The arguments of `bin`. */
  readonly args: ReadonlyArray<string>
  readonly seeds: ReadonlyArray<number>
  readonly flags: TestFlags
  /** The names of the nodes, if they were given. */
  readonly nodeNames: Option.Option<ReadonlyArray<NodeId>>
}

/** The runs that a request asks for, each challenge with all its seeds; `CannotRun` says what is wrong with it. */
export const plans = Effect.fn("TestRequest.plans")(function* (request: Request) {
  if (request.args.length > 0 && request.bin === undefined) {
    return yield* cannotRun("arguments after -- go to the program that --bin names, and there is no --bin")
  }
  if (request.bin !== undefined && request.strategy !== undefined) {
    return yield* cannotRun("--strategy chooses among our own nodes, expected it without --bin")
  }
  if (request.bin !== undefined && request.abortRate !== undefined) {
    return yield* cannotRun("--abort-rate is for our own nodes, expected it without --bin")
  }
  if (request.bin !== undefined && Option.isSome(request.flags.durability)) {
    return yield* cannotRun(
      "--durability is for our own nodes, expected it without --bin, or behind -- for the program"
    )
  }
  const subjects = yield* request.bin === undefined ? ownNodes(request) : processNodes(request, request.bin)
  const all = subjects.flatMap((subject) => request.seeds.map((seed) => plan(request, subject, seed)))
  for (const { nodes, options } of all) {
    const problem = nemesisProblem(request.flags, options, nodes.kind === "process")
    if (problem !== undefined) {
      return yield* cannotRun(problem)
    }
  }
  return all
})

/** What is tested, before it is said how. */
interface Subject {
  readonly challenge: string | null
  readonly official: Official | undefined
  readonly workload: WorkloadName
  readonly nodes: Nodes
}

const ownNodes = Effect.fnUntraced(function* ({ abortRate, challenge: id, flags, strategy, workload }: Request) {
  const settings = {
    ...(abortRate !== undefined && { abortRate }),
    ...(Option.isSome(flags.durability) && { durability: flags.durability.value })
  }

  if (id === undefined) {
    return yield* workload === undefined
      ? ChallengeLookup.missing
      : cannotRun(`workload ${workload} needs nodes: name a challenge or a --bin`)
  }
  if (id === "all") {
    if (strategy !== undefined) {
      return yield* ChallengeLookup.notForAll("--strategy")
    }
    if (workload !== undefined) {
      return yield* ChallengeLookup.notForAll("--workload")
    }
    if (abortRate !== undefined) {
      return yield* ChallengeLookup.notForAll("--abort-rate")
    }
    return challenges.map((challenge) => subjectOf(challenge, defaultStrategy(challenge), challenge.workload, settings))
  }
  const challenge = yield* ChallengeLookup.challenge(id)
  const { name } = yield* ChallengeLookup.strategy(challenge, strategy)
  const problem = abortRate === undefined ? undefined : abortRateProblem(challenge)
  if (problem !== undefined) {
    return yield* cannotRun(problem)
  }
  return [subjectOf(challenge, name, workload ?? challenge.workload, settings)]
})

const subjectOf = (
  challenge: Challenge,
  strategy: string,
  workload: WorkloadName,
  settings: Omit<LayerNodes, "kind" | "strategy">
): Subject => ({
  challenge: challenge.id,
  official: challenge,
  workload,
  nodes: { kind: "layer", strategy, ...settings }
})

const processNodes = Effect.fnUntraced(function* ({ args, challenge: id, workload }: Request, bin: string) {
  const nodes: ProcessNodes = { kind: "process", bin, args }
  if (id === undefined) {
    if (workload === undefined) {
      return yield* cannotRun(`--bin needs a challenge or a --workload, expected one of: ${ChallengeLookup.idsOrAll()}`)
    }
    return [{ challenge: null, official: undefined, workload, nodes }]
  }
  if (id === "all" && workload !== undefined) {
    return yield* ChallengeLookup.notForAll("--workload")
  }
  // A program for all challenges is one for those that are set, and not for what we have besides.
  const chosen =
    id === "all"
      ? challenges.filter((challenge) => Object.hasOwn(official, challenge.id))
      : [yield* ChallengeLookup.challenge(id)]
  return chosen.map((challenge): Subject => ({
    challenge: challenge.id,
    official: challenge,
    workload: workload ?? challenge.workload,
    nodes
  }))
})

const plan = (
  { flags, nodeNames }: Request,
  { challenge, nodes, official, workload }: Subject,
  seed: number
): TestPlan => ({
  challenge,
  workload,
  nodes,
  seed,
  options: testOptions(flags, official?.flags ?? {}, seed, nodeNames),
  limits:
    (workload === official?.workload && asOfficial(flags) && Option.isNone(nodeNames) ? official.limits : undefined) ??
    null,
  strict: flags.strict
})

/** Whether the load and the network are those that the limits are set for. */
const asOfficial = (flags: TestFlags): boolean => {
  const overriding: ReadonlyArray<Option.Option<unknown>> = [
    flags.nodeCount,
    flags.concurrency,
    flags.rate,
    flags.latency,
    flags.latencyDist,
    flags.network,
    flags.nemesis,
    flags.nemesisTargets,
    flags.kv,
    flags.loss,
    flags.duplicate,
    flags.reorder,
    flags.jitter
  ]
  return overriding.every(Option.isNone)
}

const cannotRun = (text: string) => new CannotRun({ text })
