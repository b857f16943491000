/**
 * What Fly.io's Gossip Glomers ask of each challenge: the flags that Maelstrom is run with, and the limits on the result.
 */
import type { Limits } from "../workbench/run/Limits.ts"
import type { WorkloadName } from "../workbench/workloads/Workloads.ts"

/** Maelstrom's flags of one test run, under their own names in camel case. What is left out is Maelstrom's default. */
export interface Flags {
  readonly nodeCount: number
  /** Seconds for which clients send requests. */
  readonly timeLimit: number
  /** Requests a second, of all clients together. */
  readonly rate?: number
  /** Mean milliseconds that a message between servers is under way. */
  readonly latency?: number
  /** Clients, as a number or in multiples of the nodes (`2n`). */
  readonly concurrency?: string
  readonly nemesis?: "partition"
  readonly availability?: "total"
  readonly consistencyModels?: "read-uncommitted" | "read-committed"
}

/** One challenge as it is set. */
export interface Official {
  readonly workload: WorkloadName
  readonly flags: Flags
  readonly limits?: Limits
}

const broadcast = { nodeCount: 5, timeLimit: 20, rate: 10 } as const

const efficientBroadcast = { nodeCount: 25, timeLimit: 20, rate: 100, latency: 100 } as const

const kafka = { concurrency: "2n", timeLimit: 20, rate: 1000 } as const

const transactions = { timeLimit: 20, rate: 1000, concurrency: "2n", availability: "total" } as const

/** All fourteen challenges by their id. */
export const official = {
  "1": { workload: "echo", flags: { nodeCount: 1, timeLimit: 10 } },
  "2": {
    workload: "unique-ids",
    flags: { timeLimit: 30, rate: 1000, nodeCount: 3, availability: "total", nemesis: "partition" }
  },
  "3a": { workload: "broadcast", flags: { ...broadcast, nodeCount: 1 } },
  "3b": { workload: "broadcast", flags: broadcast },
  "3c": { workload: "broadcast", flags: { ...broadcast, nemesis: "partition" } },
  "3d": {
    workload: "broadcast",
    flags: efficientBroadcast,
    limits: { serverMessagesPerOperation: 30, medianLatencyMillis: 400, maximumLatencyMillis: 600 }
  },
  "3e": {
    workload: "broadcast",
    flags: efficientBroadcast,
    limits: { serverMessagesPerOperation: 20, medianLatencyMillis: 1000, maximumLatencyMillis: 2000 }
  },
  "4": { workload: "g-counter", flags: { nodeCount: 3, rate: 100, timeLimit: 20, nemesis: "partition" } },
  "5a": { workload: "kafka", flags: { nodeCount: 1, ...kafka } },
  "5b": { workload: "kafka", flags: { nodeCount: 2, ...kafka } },
  "5c": { workload: "kafka", flags: { nodeCount: 2, ...kafka } },
  "6a": {
    workload: "txn-rw-register",
    flags: { nodeCount: 1, ...transactions, consistencyModels: "read-uncommitted" }
  },
  "6b": {
    workload: "txn-rw-register",
    flags: { nodeCount: 2, ...transactions, consistencyModels: "read-uncommitted", nemesis: "partition" }
  },
  "6c": {
    workload: "txn-rw-register",
    flags: { nodeCount: 2, ...transactions, consistencyModels: "read-committed", nemesis: "partition" }
  }
} as const satisfies { readonly [id: string]: Official }

/** The command-line arguments that give Maelstrom these flags, without the workload. */
export const flagArguments = (flags: Flags): ReadonlyArray<string> =>
  Object.entries(flags).flatMap(([name, value]) => [
    `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
    String(value)
  ])
