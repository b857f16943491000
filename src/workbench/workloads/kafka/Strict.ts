/**
 * Bugs of logs that Maelstrom lets through.
 */
import type { Anomaly } from "../../checkers/Verdict.ts"
import { canonical } from "../../json/JsonValue.ts"
import { type AnomalyCase, byType, smallest } from "./anomalies/AnomalyCase.ts"
import { phantomCommits, possibleCommits } from "./anomalies/Commits.ts"
import { consumerPositions } from "./anomalies/ConsumerPositions.ts"
import type { Observations } from "./anomalies/Observations.ts"
import { sendOrder } from "./anomalies/SendOrder.ts"
import type { VersionOrders } from "./anomalies/VersionOrder.ts"

/**
 * `commit-skip`, `poll-skip` and `nonmonotonic-poll` where Jepsen does not follow a client, `phantom-commit`,
 * `nonmonotonic-send` across an assign, `unassigned-poll` and `malformed-value`. Maelstrom's client asks for committed
 * offsets but (as of 0.2.4) goes on as if there were none, so that `commit-skip` and `phantom-commit` need a client
 * that uses them or records them.
 *
 * What is in `polls`, of which the verdict already tells, is not reported again.
 */
export const warnings = (
  observations: Observations,
  orders: VersionOrders,
  polls: ReadonlyArray<AnomalyCase>
): ReadonlyArray<Anomaly> => {
  const commits = possibleCommits(observations)
  const cases = byType([
    ...notAmong(polls, consumerPositions(observations, orders, commits)),
    ...phantomCommits(observations, commits),
    ...sendOrder(observations, orders, "across"),
    ...malformedValues(observations)
  ])
  return [...cases].map(([name, alike]): Anomaly => smallest(name, alike))
}

const notAmong = (
  known: ReadonlyArray<AnomalyCase>,
  anomalies: ReadonlyArray<AnomalyCase>
): ReadonlyArray<AnomalyCase> => {
  const identities = new Set(known.map(identity))
  return anomalies.filter((anomaly) => !identities.has(identity(anomaly)))
}

const identity = ({ details, operations, type }: AnomalyCase): string =>
  `${type} ${operations.at(-1)!.index} ${canonical(details.key)}`

const malformedValues = ({ malformed }: Observations): ReadonlyArray<AnomalyCase> =>
  malformed.map(({ operation, reason }) => ({
    type: "malformed-value",
    details: { op: operation.index },
    operations: [operation],
    describe: () => `In a ${operation.f} by process ${operation.process}, ${reason}`
  }))
