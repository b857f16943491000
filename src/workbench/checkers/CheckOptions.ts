/**
 * What checkers need to know of a test besides its history.
 */
import type { ConsistencyModelName } from "../elle/ConsistencyModel.ts"
import type { ClientBinding } from "../history/ClientBinding.ts"
import type { History } from "../history/Operation.ts"
import type { CheckerResults, Verdict } from "./Verdict.ts"

/** The settings of a test that matter to its checkers. */
export interface CheckOptions extends ClientBinding {
  /** How many client operations must succeed: `"total"` for all, a fraction, or `null` for any number. */
  readonly availability: "total" | number | null
  /** The consistency models that a transactional workload promises. */
  readonly consistencyModels: ReadonlyArray<ConsistencyModelName>
}

/** Maelstrom's defaults: one client for each of five nodes, strict serializability, no availability goal. */
export const defaults: CheckOptions = {
  concurrency: 5,
  nodeCount: 5,
  availability: null,
  consistencyModels: ["strict-serializable"]
}

/** A judge of histories. It keeps no state, and says the same whenever it is asked the same. */
export type Checker<Results extends CheckerResults = CheckerResults> = (
  history: History,
  options: CheckOptions
) => Verdict<Results>
