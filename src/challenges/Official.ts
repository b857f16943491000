/**
 * Official flags and limits of each challenge: what Maelstrom is run with, and what the result may cost.
 *
 * From the pages of Fly.io's Gossip Glomers, https://fly.io/dist-sys/.
 */
import type { Limits } from "../workbench/run/Limits.ts"
import type { WorkloadName } from "../workbench/workloads/Workloads.ts"

/** Maelstrom's flags of one test run, under their own names in camel case. What is left out is Maelstrom's default. */
export interface Flags {
  readonly nodeCount: number
  /** Seconds for which clients send requests. */
  readonly timeLimit: number
  /** Requests per second, of all clients together. */
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
  // https://fly.io/dist-sys/1/
  "1": { workload: "echo", flags: { nodeCount: 1, timeLimit: 10 } },
  // https://fly.io/dist-sys/2/
  "2": {
    workload: "unique-ids",
    flags: { timeLimit: 30, rate: 1000, nodeCount: 3, availability: "total", nemesis: "partition" }
  },
  // https://fly.io/dist-sys/3a/
  "3a": { workload: "broadcast", flags: { ...broadcast, nodeCount: 1 } },
  // https://fly.io/dist-sys/3b/
  "3b": { workload: "broadcast", flags: broadcast },
  // https://fly.io/dist-sys/3c/
  "3c": { workload: "broadcast", flags: { ...broadcast, nemesis: "partition" } },
  // https://fly.io/dist-sys/3d/
  "3d": {
    workload: "broadcast",
    flags: efficientBroadcast,
    limits: { serverMessagesPerOperation: 30, medianLatencyMillis: 400, maximumLatencyMillis: 600 }
  },
  // https://fly.io/dist-sys/3e/
  "3e": {
    workload: "broadcast",
    flags: efficientBroadcast,
    limits: { serverMessagesPerOperation: 20, medianLatencyMillis: 1000, maximumLatencyMillis: 2000 }
  },
  // https://fly.io/dist-sys/4/
  "4": { workload: "g-counter", flags: { nodeCount: 3, rate: 100, timeLimit: 20, nemesis: "partition" } },
  // https://fly.io/dist-sys/5a/
  "5a": { workload: "kafka", flags: { nodeCount: 1, ...kafka } },
  // https://fly.io/dist-sys/5b/
  "5b": { workload: "kafka", flags: { nodeCount: 2, ...kafka } },
  // https://fly.io/dist-sys/5c/
  "5c": { workload: "kafka", flags: { nodeCount: 2, ...kafka } },
  // https://fly.io/dist-sys/6a/
  "6a": {
    workload: "txn-rw-register",
    flags: { nodeCount: 1, ...transactions, consistencyModels: "read-uncommitted" }
  },
  // https://fly.io/dist-sys/6b/
  "6b": {
    workload: "txn-rw-register",
    flags: { nodeCount: 2, ...transactions, consistencyModels: "read-uncommitted", nemesis: "partition" }
  },
  // https://fly.io/dist-sys/6c/
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
