/**
 * The workloads by name.
 */
import * as Broadcast from "./broadcast/Broadcast.ts"
import * as Counter from "./counter/Counter.ts"
import * as Echo from "./echo/Echo.ts"
import * as Kafka from "./kafka/Kafka.ts"
import * as TxnRwRegister from "./txn-rw-register/TxnRwRegister.ts"
import * as UniqueIds from "./unique-ids/UniqueIds.ts"
import type { Workload } from "./Workload.ts"

/** Every workload, under Maelstrom's name of it. */
export const workloads = {
  echo: Echo.workload,
  "unique-ids": UniqueIds.workload,
  broadcast: Broadcast.workload,
  "g-counter": Counter.gCounter,
  "pn-counter": Counter.pnCounter,
  kafka: Kafka.workload,
  "txn-rw-register": TxnRwRegister.workload
} as const satisfies { readonly [name: string]: Workload }

/** The name of a workload that can be run. */
export type WorkloadName = keyof typeof workloads
