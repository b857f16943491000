/**
 * All workloads by name: the only list of them, from which flags, `check` and types are derived. To add one, make its
 * folder beside this file and a line here.
 */
import { Schema } from "effect"
import * as Broadcast from "./broadcast/Broadcast.ts"
import * as Counter from "./counter/Counter.ts"
import * as Echo from "./echo/Echo.ts"
import * as Kafka from "./kafka/Kafka.ts"
import * as TxnRwRegister from "./txn-rw-register/TxnRwRegister.ts"
import * as UniqueIds from "./unique-ids/UniqueIds.ts"
import { type CheckOptions, defaults } from "../checkers/CheckOptions.ts"
import { composite, type CompositeResults } from "../checkers/Composite.ts"
import type { Verdict } from "../checkers/Verdict.ts"
import type { History } from "../history/Operation.ts"
import type { AnyWorkload } from "./Workload.ts"

/** Every workload, under Maelstrom's name of it. */
export const workloads = {
  echo: Echo.workload,
  "unique-ids": UniqueIds.workload,
  broadcast: Broadcast.workload,
  "g-counter": Counter.gCounter,
  "pn-counter": Counter.pnCounter,
  kafka: Kafka.workload,
  "txn-rw-register": TxnRwRegister.workload
} as const satisfies { readonly [name: string]: AnyWorkload }

/** The name of a workload that can be run and checked. */
export type WorkloadName = keyof typeof workloads

/** The names of all workloads, in the order above. */
export const workloadNames = Object.keys(workloads) as ReadonlyArray<WorkloadName>

/** One of {@link workloadNames}. */
export const WorkloadName = Schema.Literals(workloadNames)

/** What the checker of a workload finds out. */
export type WorkloadResults<Name extends WorkloadName = WorkloadName> = (typeof workloads)[Name]["results"]["Type"]

/**
 * Judges a run of a workload: the verdict of its checker, joined with those that all workloads share. The results are
 * those of Maelstrom without `net` and `timeline`, which a history does not tell.
 */
export const check = <Name extends WorkloadName>(
  workload: Name,
  history: History,
  options: Partial<CheckOptions> = {}
): Verdict<CompositeResults<WorkloadResults<Name>>> => {
  const { check: checker, neverSucceeds }: AnyWorkload = workloads[workload]
  const judge = composite<WorkloadResults<Name>>({ check: checker, ...(neverSucceeds && { neverSucceeds }) })
  return judge(history, { ...defaults, ...options })
}
