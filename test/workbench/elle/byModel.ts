/**
 * Histories of transactions judged by one model at a time, and the models that are told by what is visible.
 */
import type { ConsistencyModelName } from "../../../src/workbench/elle/ConsistencyModel.ts"
import type { History } from "../../../src/workbench/history/Operation.ts"
import { check } from "../../../src/workbench/workloads/txn-rw-register/Checker.ts"

export const session = ["read-your-writes", "monotonic-reads", "monotonic-writes", "writes-follow-reads"] as const
export const atomic = ["monotonic-atomic-view", "read-atomic", "causal-cerone"] as const
export const models = [...session, "PRAM", "causal", ...atomic] as const

export const judged = (model: ConsistencyModelName, history: History) =>
  check(history, { consistencyModels: [model], concurrency: 3, nodeCount: 3 })

// That nothing depends on anything is no anomaly of a model.
export const found = (model: ConsistencyModelName, history: History) =>
  judged(model, history).anomalies.flatMap(({ name }) => (name === "empty-transaction-graph" ? [] : [name]))
