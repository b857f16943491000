/**
 * The settings of a test run.
 */
import type { ConsistencyModelName } from "../elle/ConsistencyModel.ts"
import type { Faults } from "../network/Network.ts"
import type { Kind } from "../nemesis/Nemesis.ts"
import type { Distribution } from "../network/Latency.ts"
import type { Topology } from "../workloads/broadcast/Topologies.ts"

/** Maelstrom's flags, under their own names in camel case, and what ours can do besides. Defaults are Maelstrom's. */
export interface TestOptions {
  readonly nodeCount: number
  /** How many clients there are, in all. */
  readonly concurrency: number
  /** Operations a second, of all clients together; 0 for none. */
  readonly rate: number
  /** Seconds for which clients begin operations. */
  readonly timeLimit: number
  /** Mean milliseconds of a message between servers. */
  readonly latency: number
  readonly latencyDist: Distribution
  readonly topology: Topology
  /** Kinds of faults to inject, see `nemesis/`. */
  readonly nemesis: ReadonlyArray<Kind>
  /** Mean seconds between two actions of the nemesis. */
  readonly nemesisInterval: number
  readonly availability: "total" | number | null
  readonly consistencyModels: ReadonlyArray<ConsistencyModelName>
  readonly keyCount: number | undefined
  readonly maxTxnLength: number
  readonly maxWritesPerKey: number
  /** How unreliable the network is throughout, besides what the nemesis does. */
  readonly faults: Faults
  /** Seconds of quiet between the healing of all faults and the final operations. */
  readonly recovery: number
  /** Decides everything that is left to chance. */
  readonly seed: string
}

/** What holds where nothing else is said. */
export const defaults: TestOptions = {
  nodeCount: 5,
  concurrency: 5,
  rate: 5,
  timeLimit: 60,
  latency: 0,
  latencyDist: "constant",
  topology: "grid",
  nemesis: [],
  nemesisInterval: 10,
  availability: null,
  consistencyModels: ["strict-serializable"],
  keyCount: undefined,
  maxTxnLength: 4,
  maxWritesPerKey: 16,
  faults: { loss: 0, duplicate: 0, reorder: 0 },
  recovery: 10,
  seed: "0"
}
