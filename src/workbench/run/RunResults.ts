/**
 * Results of a run: its figures as Maelstrom has them, of our own judges or of Maelstrom's, and the key figures among
 * them.
 */
import { Results } from "../checkers/Composite.ts"
import type { Quantiles } from "../checkers/Quantiles.ts"
import type * as JepsenKeys from "../json/JepsenKeys.ts"
import type { AnyWorkload } from "../workloads/Workload.ts"
import { type WorkloadName, type WorkloadResults, workloads } from "../workloads/Workloads.ts"

/** What is known of a run: that of each checker, under the checker's name. */
export type RunResults = ReturnType<typeof Results<WorkloadResults>>["Type"]

/** The schema of the results of a workload's runs, which encodes them under Maelstrom's keys. */
export const resultsOf = (workload: WorkloadName): JepsenKeys.Results<RunResults> =>
  Results(workloads[workload].results as JepsenKeys.Results<WorkloadResults>)

/** What runs are compared by. A figure is absent where a run has none of the kind. */
export interface Figures {
  /** Messages between servers, and the characters in them, for each operation of a client. */
  readonly serverMessagesPerOperation: number | undefined
  readonly serverCharactersPerOperation: number | undefined
  /** Milliseconds from the acknowledgement of a value until all nodes show it. */
  readonly stableLatencyMillis: Quantiles | undefined
  /** Milliseconds that successful operations took, by what they do. */
  readonly operationLatencyMillis: { readonly [f: string]: Quantiles }
  /** The fraction of operations that succeeded. */
  readonly okFraction: number | undefined
}

/** The key figures of a run of a workload. */
export const figures = (name: WorkloadName, { availability, net, perf, workload }: RunResults): Figures => {
  const { stableLatency }: AnyWorkload = workloads[name]
  const servers = net !== undefined && "servers" in net ? net.servers : undefined
  return {
    serverMessagesPerOperation: servers?.msgsPerOp,
    serverCharactersPerOperation: servers?.charsPerOp,
    stableLatencyMillis: workload && stableLatency?.(workload),
    operationLatencyMillis:
      perf !== undefined && "latencyGraph" in perf ? okLatencies(perf.latencyGraph.byF ?? {}) : {},
    okFraction: availability !== undefined && "okFraction" in availability ? availability.okFraction : undefined
  }
}

const okLatencies = (byFunction: {
  readonly [f: string]: { readonly outcomes: { readonly [outcome: string]: Quantiles } }
}): Figures["operationLatencyMillis"] =>
  Object.fromEntries(
    Object.entries(byFunction).flatMap(([f, { outcomes }]) =>
      outcomes["ok"] === undefined ? [] : [[f, outcomes["ok"]]]
    )
  )
