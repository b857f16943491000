/**
 * A workload: what a test asks of a cluster, how its clients carry that out, and how the history is judged.
 *
 * After Maelstrom's workload maps (`maelstrom.workload.*`), which hold Jepsen's generators, clients and checkers. All
 * of a workload is in one folder of this name, and `Workloads.ts` is the only list of them.
 */
import type { Duration, Effect, Random } from "effect"
import type { NodeId } from "../../protocol/NodeId.ts"
import type { AnyRpc, Request } from "../../protocol/Rpc.ts"
import type { AnyRpcs } from "../../protocol/Rpcs.ts"
import type { Checker } from "../checkers/CheckOptions.ts"
import type { CallError, Connection } from "../clients/Connection.ts"
import type { Quantiles } from "../checkers/Quantiles.ts"
import type { CheckerResults } from "../checkers/Verdict.ts"
import type { Operation } from "../history/Operation.ts"
import type * as JepsenKeys from "../json/JepsenKeys.ts"

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
export interface Generator<out Op extends Invocation = Invocation> {
  /** The next operation, for the client `thread` (from 0). `undefined`: there are no more. */
  readonly next: (thread: number) => Op | undefined
  /** Sees every entry of the history as it is written, invocations and completions. */
  readonly observe?: (operation: Operation) => void
  /**
   * How long to wait before the next operation, asked for before each {@link next}. It matters in the final phase
   * alone, where nothing else sets the pace. Without it there is no pause.
   */
  readonly pause?: () => Duration.Duration
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
  /** Whether clients look, at the end, at what Maelstrom's do not look at. */
  readonly finalReads?: boolean
}

/** One client's side of a workload. It is made anew whenever its process is replaced. */
export interface WorkloadClient<in Op extends Invocation = Invocation> {
  /**
   * Carries out an operation. A `CallError` that it fails with becomes a completion under the workload's
   * {@link Workload.onError}.
   */
  readonly invoke: (operation: Op) => Effect.Effect<Completion, CallError>
}

/** A call that prepares a node for a test: see {@link setup}. */
export interface Setup {
  readonly call: AnyRpc
  readonly request: (options: WorkloadOptions) => unknown
}

/** A setup by a call of the workload, with the request that the test's options amount to. */
export const setup = <R extends AnyRpc>(call: R, request: (options: WorkloadOptions) => Request<R>): Setup => ({
  call,
  request
})

/**
 * One kind of test: `Op` are the operations of its clients, `Main` is what generates those of the main phase, and
 * `Results` are the figures of its checker.
 */
export interface Workload<
  Op extends Invocation,
  Main extends Generator<Op> = Generator<Op>,
  Results extends CheckerResults = CheckerResults
> {
  /** Maelstrom's name of it, which is also its key in `Workloads.ts`. */
  readonly name: string

  /** The calls that nodes have to answer. A challenge's strategies are tested to have a handler for each. */
  readonly rpcs: AnyRpcs

  /** What the operations of its histories do (`f`): a history with none of these is one of another workload. */
  readonly functions: ReadonlyArray<string>

  /** Further functions, that never succeed by their nature; every other has to at least once. */
  readonly neverSucceeds?: ReadonlyArray<string>

  /**
   * Where operations are transactions, which a node may abort: what their micro-operations do. A history with any other
   * is one of another workload.
   */
  readonly microOperations?: ReadonlyArray<string>

  /** Judges a history: the workload's own part of the verdict, and as warnings what Maelstrom would let through. */
  readonly check: Checker<Results>

  /** The checker's results, which are encoded under Maelstrom's keys. */
  readonly results: JepsenKeys.Results<Results>

  /** Milliseconds from the acknowledgement of a value until all nodes show it, where the results have that. */
  readonly stableLatency?: (results: Partial<Results>) => Quantiles | undefined

  /** The operations of the main phase, of all clients together. `random` decides everything that is left to chance. */
  readonly generator: (options: WorkloadOptions, random: Random.Random) => Main

  /**
   * The operations of the final phase, when faults are healed and the network was left alone: one generator a client,
   * each run to its end. A workload without a final phase has none, or gives `undefined`. `main` is what
   * {@link generator} made for this test, at its end.
   */
  readonly finalGenerator?: (
    options: WorkloadOptions,
    main: Main,
    random: Random.Random
  ) => ((thread: number) => Generator<Op>) | undefined

  /** After this the final phase ends, whether or not its generators have. */
  readonly finalTimeLimit?: Duration.Duration

  /** What is said to each node before the test begins, and whenever it was started again, by a client of its own. */
  readonly setup?: Setup

  readonly client: (connection: Connection, options: WorkloadOptions) => WorkloadClient<Op>

  /** How an operation ends whose call failed: see `Completions.ts` for the usual ways. */
  readonly onError: (operation: Op, error: CallError) => Completion
}

/**
 * Some workload, no matter which. Its clients must be given what its own generators make, and its final generator the
 * main one that it made: that these fit is checked where the workload is defined.
 */
export interface AnyWorkload extends Workload<any, any, any> {}
