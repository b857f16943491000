/**
 * The checkers of the workloads by name.
 */
import type { History } from "../history/Operation.ts"
import * as Broadcast from "../workloads/broadcast/Checker.ts"
import { type Checker, type CheckOptions, defaults } from "./CheckOptions.ts"
import { composite } from "./Composite.ts"
import * as Counter from "../workloads/counter/Checker.ts"
import * as Echo from "../workloads/echo/Checker.ts"
import * as Kafka from "../workloads/kafka/Checker.ts"
import * as TxnRwRegister from "../workloads/txn-rw-register/Checker.ts"
import * as UniqueIds from "../workloads/unique-ids/Checker.ts"
import type { Verdict } from "./Verdict.ts"

/** The checker of every workload, under Maelstrom's name of the workload. */
export const checkers = {
  echo: Echo.check,
  "unique-ids": UniqueIds.check,
  broadcast: Broadcast.check,
  "g-counter": Counter.check,
  "pn-counter": Counter.check,
  kafka: Kafka.check,
  "txn-rw-register": TxnRwRegister.check
} as const satisfies { readonly [workload: string]: Checker }

/** The name of a workload that can be checked. */
export type Workload = keyof typeof checkers

/** Judges a run of a workload. The results are those of Maelstrom without `net` and `timeline`. */
export const check = (workload: Workload, history: History, options: Partial<CheckOptions> = {}): Verdict =>
  composite(checkers[workload])(history, { ...defaults, ...options })
