/**
 * Injects faults: each kind that is asked for begins and ends, again and again, at random times.
 *
 * After `jepsen.nemesis.combined`, of which Maelstrom offers the partitions, and since its pull request 102 `kill` and
 * `pause`.
 */
import { Duration, Effect, type Random, Result, Schema, Semaphore } from "effect"
import type { NodeId } from "../../protocol/NodeId.ts"
import type { Entry } from "../history/Recorder.ts"
import type { Network } from "../network/Network.ts"
import type { RunningNode } from "../nodes/NodeHost.ts"
import { nowNanos, toNanos } from "../simulation/MonotonicTime.ts"
import * as ClockFaults from "./ClockFaults.ts"
import * as DiskFaults from "./DiskFaults.ts"
import type { Action, Fault } from "./Fault.ts"
import * as NetworkFaults from "./NetworkFaults.ts"
import * as NodeFaults from "./NodeFaults.ts"
import * as Partition from "./Partition.ts"
import { type NodeTarget, nodeTargets, strikes, type Target, targets } from "./Targets.ts"

/**
 * - `partition`: links are cut in one of Jepsen's ways.
 * - `partition-one-way`: links are cut in one direction. With `partition` it is one more way among the others.
 * - `loss`, `duplicate`: every second message between servers is lost, or arrives twice.
 * - `pause`: some nodes are stopped, by default a minority, and go on later as if nothing had happened.
 * - `crash`: some nodes end, by default one, and are started again with empty memory. Maelstrom calls it `kill`.
 * - `crash-for-good`: some nodes, by default a minority, end at some time and stay away.
 * - `clock`: the clocks of some nodes, by default a minority, are set wrong and drift.
 * - `disk`: the disks of some nodes, by default a minority, fail or do not answer.
 */
export const kinds = [
  "partition",
  "partition-one-way",
  "loss",
  "duplicate",
  "pause",
  "crash",
  "crash-for-good",
  "clock",
  "disk"
] as const
/** One of {@link kinds}. */
export type Kind = (typeof kinds)[number]

/** A kind of fault, or a target, that does not exist. The text tells which do. */
export class UnknownName extends Schema.TaggedError<UnknownName>()("UnknownName", { text: Schema.String }) {
  override readonly message = this.text
}

/** The kinds in a list such as `partition,loss`, each once, and `crash` for `kill`. An empty text has none. */
export const parse = (text: string): Result.Result<ReadonlyArray<Kind>, UnknownName> =>
  parseList("faults", kinds, text, (name) => (name === "kill" ? "crash" : name))

/** The targets in a list such as `one,majority`, each once. */
export const parseTargets = (text: string): Result.Result<ReadonlyArray<Target>, UnknownName> =>
  parseList("targets", targets, text)

const parseList = <const Name extends string>(
  what: string,
  known: ReadonlyArray<Name>,
  text: string,
  canonical: (name: string) => string = (name) => name
): Result.Result<ReadonlyArray<Name>, UnknownName> => {
  const isKnown = Schema.is(Schema.Literals(known))
  const names = text.trim() === "" ? [] : text.split(",").map((name) => canonical(name.trim()))
  const unknown = names.find((name) => !isKnown(name))
  return unknown === undefined
    ? Result.succeed([...new Set(names.filter(isKnown))])
    : Result.fail(
        new UnknownName({ text: `expected ${what} of ${known.join(", ")}, separated by commas, got "${unknown}"` })
      )
}

/** The targets that each kind of fault can have. A fault that is given none of its own keeps to its usual ones. */
export const targetsOf = {
  partition: Partition.jepsenKinds,
  "partition-one-way": [],
  loss: [],
  duplicate: [],
  pause: nodeTargets,
  crash: nodeTargets,
  "crash-for-good": ["one", "minority-third", "minority"],
  clock: nodeTargets,
  disk: nodeTargets
} as const satisfies { readonly [K in Kind]: ReadonlyArray<Target> }

/** What a nemesis may do, to whom and when. */
export interface Options<E> {
  readonly kinds: ReadonlyArray<Kind>
  /** The mean time between two actions of a fault. */
  readonly interval: Duration.Duration
  /** After this no action begins any more. By default there is no limit. */
  readonly timeLimit?: Duration.Duration
  /** The network, with the faults that it has throughout. */
  readonly network: Network
  readonly nodes: ReadonlyArray<RunningNode>
  /** Whom faults strike, and how partitions cut; by default what is usual for each fault. */
  readonly targets?: ReadonlyArray<Target> | null
  /** Leaves out what cuts or strikes nothing among so few nodes, if there is something else to draw. */
  readonly alwaysStrikes?: boolean
  /** How far clocks are set forward or back at most. */
  readonly clockSkew?: Duration.Duration
  /** Starts a crashed node again and sends it `init`. */
  readonly restartNode: (id: NodeId) => Effect.Effect<void, E>
  readonly random: Random.Random
  /** Takes what is done as entries of the history: one when an action begins, and one when it has taken place. */
  readonly record: (entry: Entry) => unknown
}

/** The faults of one test. {@link run} it beside the main phase, then {@link heal}. */
export interface Nemesis<E> {
  /**
   * Starts every fault at once and then, after up to twice the interval each time, ends and starts it in turn. A fault
   * that never ends is started once, after up to twice the interval and before the time limit. At most one action is
   * under way at a time. Ends after the time limit, or fails if a node cannot be restarted; faults stay as they are
   * then.
   */
  readonly run: Effect.Effect<void, E>

  /**
   * Ends all faults that can end, which is recorded for every such fault whether or not it is on. To be run when
   * {@link run} is over. Maelstrom does this only where the workload has a final phase.
   */
  readonly heal: Effect.Effect<void, E>

  /** Whether a node has crashed for good. */
  isGone(id: NodeId): boolean
}

/** Prepares faults; none has begun yet. */
export const make = <E>(options: Options<E>): Nemesis<E> => {
  const { random, record } = options
  const intervalSeconds = Duration.toSeconds(options.interval)
  const limit = options.timeLimit ?? Duration.infinity
  const limitNanos = toNanos(limit)
  const absent: NodeFaults.Absent = new Map()
  const faults = faultsOf(options, absent)
  const turn = Semaphore.makeUnsafe(1)

  const perform = Effect.fnUntraced(function* (fault: Fault<E>, direction: "start" | "stop") {
    const action: Action<E> | undefined = fault[direction]?.()
    if (action !== undefined) {
      const entry = { type: "info", process: "nemesis", f: `${direction}-${fault.name}` } as const
      record({ ...entry, value: action.value })
      record({ ...entry, value: yield* action.perform })
    }
  }, turn.withPermit)

  const flipFlop = Effect.fnUntraced(function* (fault: Fault<E>) {
    const endNanos = (yield* nowNanos) + limitNanos
    for (let on = true; ; on = !on) {
      const delay = Effect.sleep(random.nextDoubleUnsafe() * 2 * intervalSeconds * 1000)
      yield* Effect.all([perform(fault, on ? "start" : "stop"), delay], { concurrency: 2, discard: true })
      if ((yield* nowNanos) >= endNanos) {
        return
      }
    }
  })

  const once = Effect.fnUntraced(function* (fault: Fault<E>) {
    const mostSeconds = Math.min(2 * intervalSeconds, Duration.toSeconds(limit))
    yield* Effect.sleep(random.nextDoubleUnsafe() * mostSeconds * 1000)
    yield* perform(fault, "start")
  })

  return {
    run: Effect.forEach(faults, (fault) => (fault.stop === undefined ? once(fault) : flipFlop(fault)), {
      concurrency: "unbounded",
      discard: true
    }),
    heal: Effect.forEach(faults, (fault) => perform(fault, "stop"), { discard: true }),
    isGone: (id) => absent.get(id) === "gone"
  }
}

const faultsOf = <E>(options: Options<E>, absent: NodeFaults.Absent): ReadonlyArray<Fault<E>> => {
  const { kinds, network, nodes, random, restartNode } = options
  const asked = new Set(kinds)
  const given = <T extends Target>(possible: ReadonlyArray<T>, usual: ReadonlyArray<T>): ReadonlyArray<T> => {
    const chosen = possible.filter((target) => options.targets?.includes(target))
    return chosen.length > 0 ? chosen : usual
  }
  const striking = <T>(all: ReadonlyArray<T>, strikes: (one: T, count: number) => boolean): ReadonlyArray<T> => {
    const some = options.alwaysStrikes ? all.filter((one) => strikes(one, nodes.length)) : []
    return some.length > 0 ? some : all
  }
  const nodeTargetsOf = <T extends NodeTarget>(possible: ReadonlyArray<T>, usual: T) =>
    striking(given(possible, [usual]), strikes)
  const partitions: ReadonlyArray<Partition.PartitionKind> = [
    ...(asked.has("partition") ? given(targetsOf.partition, Partition.jepsenKinds) : []),
    ...(asked.has("partition-one-way") ? (["one-way"] as const) : [])
  ]
  const ids = nodes.map(({ id }) => id)
  const cluster = { nodes, absent, random }
  const skew = options.clockSkew ?? Duration.zero
  return [
    ...(partitions.length > 0
      ? [NetworkFaults.partition(striking(partitions, Partition.cuts), ids, network, random)]
      : []),
    ...(asked.has("loss") ? [NetworkFaults.packets("loss", network)] : []),
    ...(asked.has("duplicate") ? [NetworkFaults.packets("duplicate", network)] : []),
    ...(asked.has("pause") ? [NodeFaults.pause(cluster, nodeTargetsOf(targetsOf.pause, "minority"))] : []),
    ...(asked.has("crash") ? [NodeFaults.crash(cluster, nodeTargetsOf(targetsOf.crash, "one"), restartNode)] : []),
    ...(asked.has("crash-for-good")
      ? [NodeFaults.crashForGood(cluster, nodeTargetsOf(targetsOf["crash-for-good"], "minority"))]
      : []),
    ...(asked.has("clock") ? [ClockFaults.clock(nodes, nodeTargetsOf(targetsOf.clock, "minority"), skew, random)] : []),
    ...(asked.has("disk") ? [DiskFaults.disk(cluster, nodeTargetsOf(targetsOf.disk, "minority"))] : [])
  ]
}
