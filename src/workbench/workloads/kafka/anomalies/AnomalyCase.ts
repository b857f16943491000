/**
 * Anomaly cases: each is one case of something wrong with a log. Groups them by kind and picks an example of each.
 */
import { getOrInsert } from "../../../collections/MultiMap.ts"
import type { Operation } from "../../../history/Operation.ts"
import type { Anomaly } from "../../../checkers/Verdict.ts"
import type { AnomalyType, CaseDetails } from "./CaseDetails.ts"

/**
 * - `type`: its name in results (`poll-skip`).
 * - `details`: what results tell of it. Operations are named by their index in the history.
 * - `operations`: the fewest entries that show it, in any order.
 * - `describe`: one sentence on it, without the full stop. Only the example that is shown needs words.
 */
interface Case<Type extends AnomalyType> {
  readonly type: Type
  readonly details: CaseDetails<Type>
  readonly operations: ReadonlyArray<Operation>
  readonly describe: () => string
}

/** One case of an anomaly, of some type. */
export type AnomalyCase = { readonly [Type in AnomalyType]: Case<Type> }[AnomalyType]

/** The cases by type, in the order of the types' names. */
export const byType = (anomalies: ReadonlyArray<AnomalyCase>): ReadonlyMap<AnomalyType, ReadonlyArray<AnomalyCase>> => {
  const groups = Map.groupBy(anomalies, (anomaly) => anomaly.type)
  return new Map([...groups].toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

/**
 * The case that is easiest to grasp: the one whose operations hold the fewest records, the earliest of equals. Final
 * polls hold whole logs, so that an example from the middle of the run is nearly always shorter.
 */
export const smallest = (name: string, anomalies: ReadonlyArray<AnomalyCase>): Anomaly => {
  const sizes = new Map<Operation, number>()
  let best: { anomaly: AnomalyCase; size: number; at: number } | undefined
  for (const anomaly of anomalies) {
    let size = 0
    let at = 0
    for (const operation of anomaly.operations) {
      size += sizeOf(operation, sizes)
      at = Math.max(at, operation.index)
    }
    if (best === undefined || size < best.size || (size === best.size && at < best.at)) {
      best = { anomaly, size, at }
    }
  }
  const example = best!.anomaly
  const cases = anomalies.length === 1 ? "" : ` (the shortest of ${anomalies.length} cases)`
  return {
    name,
    message: `${example.describe()}${cases}.`,
    operations: [...new Set(example.operations)].toSorted((a, b) => a.index - b.index)
  }
}

const sizeOf = (operation: Operation, sizes: Map<Operation, number>): number =>
  getOrInsert(sizes, operation, () => JSON.stringify(operation.value)?.length ?? 0)
