/**
 * Injects faults: each kind that is asked for begins and ends, again and again, at random times.
 *
 * After `jepsen.nemesis.combined`, of which Maelstrom offers the partitions.
 */
import { Duration, Effect, type Random, Result, Schema, Semaphore } from "effect"
import type { NodeId } from "../../protocol/NodeId.ts"
import type { Entry } from "../history/Recorder.ts"
import type { Network } from "../network/Network.ts"
import type { RunningNode } from "../nodes/NodeHost.ts"
import { nowNanos, toNanos } from "../simulation/MonotonicTime.ts"
import type { Action, Fault } from "./Fault.ts"
import * as NetworkFaults from "./NetworkFaults.ts"
import * as NodeFaults from "./NodeFaults.ts"
import * as Partition from "./Partition.ts"

/**
 * - `partition`: links are cut in one of Jepsen's ways.
 * - `partition-one-way`: links are cut in one direction. With `partition` it is one more way among the others.
 * - `loss`, `duplicate`: every second message between servers is lost, or arrives twice.
 * - `pause`: a random minority of the nodes is stopped, and goes on later as if nothing had happened.
 * - `crash`: a random node ends, and is started again with empty memory.
 */
export const kinds = ["partition", "partition-one-way", "loss", "duplicate", "pause", "crash"] as const
/** One of {@link kinds}. */
export type Kind = (typeof kinds)[number]

/** A kind of fault that does not exist. The text tells which do. */
export class UnknownFault extends Schema.TaggedError<UnknownFault>()("UnknownFault", { text: Schema.String }) {
  override readonly message = this.text
}

/** The kinds in a list such as `partition,loss`, each once. An empty text has none. */
export const parse = (text: string): Result.Result<ReadonlyArray<Kind>, UnknownFault> => {
  const names = text.trim() === "" ? [] : text.split(",").map((name) => name.trim())
  const unknown = names.find((name) => !isKind(name))
  return unknown === undefined
    ? Result.succeed([...new Set(names.filter(isKind))])
    : Result.fail(
        new UnknownFault({ text: `expected faults of ${kinds.join(", ")}, separated by commas, got "${unknown}"` })
      )
}

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
  /** Starts a crashed node again and sends it `init`. */
  readonly restartNode: (id: NodeId) => Effect.Effect<void, E>
  readonly random: Random.Random
  /** Takes what is done as entries of the history: one when an action begins, and one when it has taken place. */
  readonly record: (entry: Entry) => unknown
}

/** The faults of one test. {@link run} it beside the main phase, then {@link heal}. */
export interface Nemesis<E> {
  /**
   * Starts every fault at once and then, after up to twice the interval each time, ends and starts it in turn. At most
   * one action is under way at a time. Ends after the time limit, or fails if a node cannot be restarted; faults stay
   * as they are then.
   */
  readonly run: Effect.Effect<void, E>

  /**
   * Ends all faults, which is recorded for every fault whether or not it is on. To be run when {@link run} is over.
   * Maelstrom does this only where the workload has a final phase.
   */
  readonly heal: Effect.Effect<void, E>
}

/** Prepares faults; none has begun yet. */
export const make = <E>(options: Options<E>): Nemesis<E> => {
  const { random, record } = options
  const intervalSeconds = Duration.toSeconds(options.interval)
  const limitNanos = toNanos(options.timeLimit ?? Duration.infinity)
  const faults = faultsOf(options)
  const turn = Semaphore.makeUnsafe(1)

  const perform = Effect.fnUntraced(function* (fault: Fault<E>, direction: "start" | "stop") {
    const action: Action<E> = fault[direction]()
    const entry = { type: "info", process: "nemesis", f: `${direction}-${fault.name}` } as const
    record({ ...entry, value: action.value })
    record({ ...entry, value: yield* action.perform })
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

  return {
    run: Effect.forEach(faults, flipFlop, { concurrency: "unbounded", discard: true }),
    heal: Effect.forEach(faults, (fault) => perform(fault, "stop"), { discard: true })
  }
}

const faultsOf = <E>({ kinds, network, nodes, random, restartNode }: Options<E>): ReadonlyArray<Fault<E>> => {
  const absent: NodeFaults.Absent = new Map()
  const asked = new Set(kinds)
  const partitions: ReadonlyArray<Partition.PartitionKind> = [
    ...(asked.has("partition") ? Partition.jepsenKinds : []),
    ...(asked.has("partition-one-way") ? (["one-way"] as const) : [])
  ]
  const ids = nodes.map(({ id }) => id)
  return [
    ...(partitions.length > 0 ? [NetworkFaults.partition(partitions, ids, network, random)] : []),
    ...(asked.has("loss") ? [NetworkFaults.packets("loss", network)] : []),
    ...(asked.has("duplicate") ? [NetworkFaults.packets("duplicate", network)] : []),
    ...(asked.has("pause") ? [NodeFaults.pause(nodes, absent, random)] : []),
    ...(asked.has("crash") ? [NodeFaults.crash(nodes, absent, random, restartNode)] : [])
  ]
}

const isKind = Schema.is(Schema.Literals(kinds))
