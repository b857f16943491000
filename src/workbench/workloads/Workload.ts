/**
 * A workload: what a test asks of a cluster, how its clients carry that out, and how the history is judged.
 *
 * After Maelstrom's workload maps (`maelstrom.workload.*`), which hold Jepsen's generators, clients and checkers. All of a
 * workload is in one folder of this name, and `Workloads.ts` is the only list of them.
 */
import type { Duration, Effect, Random } from "effect"
import type { NodeId } from "../../protocol/NodeId.ts"
import type { AnyRpc } from "../../protocol/Rpc.ts"
import type { Checker } from "../checkers/CheckOptions.ts"
import type { CallError, Connection } from "../clients/Connection.ts"
import type { Operation } from "../history/Operation.ts"

/** An operation that a client is to begin: an entry of the history that has no index, time and process yet. */
export interface Invocation {
  readonly f: string
  readonly value: unknown
  /** Further keys of the entry: `final`, `seek-to-beginning`, `poll-ms`, … */
  readonly [key: string]: unknown
}

/** How an operation ended: what changes in the invocation's entry. */
export interface Completion {
  readonly type: "ok" | "fail" | "info"
  readonly value?: unknown
  readonly [key: string]: unknown
}

/** A source of operations. It is asked for the next one whenever a client is free, and may end. */
export interface Generator {
  /** The next operation, for the client `thread` (from 0). `undefined`: there are no more. */
  next(thread: number): Invocation | undefined
  /** Sees every entry of the history as it is written, invocations and completions. */
  observe?(operation: Operation): void
  /**
   * How long to wait before the next operation, asked for before each {@link next}. It matters in the final phase
   * alone, where nothing else sets the pace. Without it there is no pause.
   */
  pause?(): Duration.Duration
}

/** The settings that a workload may depend on. */
export interface WorkloadOptions {
  readonly nodeIds: ReadonlyArray<NodeId>
  /** How many clients there are. Client `i` talks to node `i` modulo the number of nodes. */
  readonly concurrency: number
  /** The topology that nodes are told of: each node's neighbours. */
  readonly topology: { readonly [node: string]: ReadonlyArray<NodeId> }
  readonly keyCount: number | undefined
  readonly maxTxnLength: number
  readonly maxWritesPerKey: number
  readonly rate: number
}

/** One client's side of a workload. It is made anew whenever its process is replaced. */
export interface WorkloadClient {
  /**
   * Carries out an operation. A `CallError` that it fails with becomes a completion under the workload's
   * {@link Workload.onError}.
   */
  invoke(operation: Invocation): Effect.Effect<Completion, CallError>
}

/** One kind of test. */
export interface Workload {
  /** Maelstrom's name of it, which is also its key in `Workloads.ts`. */
  readonly name: string

  /** The calls that nodes have to answer. */
  readonly rpcs: ReadonlyArray<AnyRpc>

  /** What the operations of its histories do (`f`): a history with none of these is one of another workload. */
  readonly functions: ReadonlyArray<string>

  /** Judges a history: the workload's own part of the verdict, and as warnings what Maelstrom would let through. */
  readonly check: Checker

  /** The operations of the main phase, of all clients together. `random` decides everything that is left to chance. */
  generator(options: WorkloadOptions, random: Random.Random): Generator

  /**
   * The operations of the final phase, when faults are healed and the network was left alone: one generator a client,
   * each run to its end. A workload without a final phase has none. `main` is what {@link generator} made for this
   * test, so that a workload may declare it as narrower than `Generator`.
   */
  finalGenerator?(options: WorkloadOptions, main: Generator, random: Random.Random): (thread: number) => Generator

  /** After this the final phase ends, whether or not its generators have. */
  readonly finalTimeLimit?: Duration.Duration

  /** What is said to each node before the test begins, by a client of its own. */
  setup?(connection: Connection, options: WorkloadOptions): Effect.Effect<void, CallError>

  client(connection: Connection, options: WorkloadOptions): WorkloadClient

  /** How an operation ends whose call failed: see `clients/Completions.ts` for the usual ways. */
  onError(operation: Invocation, error: CallError): Completion
}
