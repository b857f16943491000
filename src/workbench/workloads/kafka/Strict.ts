/**
 * Bugs of logs that Maelstrom lets through.
 */
import type { ClientBinding } from "../../history/ClientBinding.ts"
import type { Anomaly } from "../../checkers/Verdict.ts"
import { canonical } from "../../json/JsonValue.ts"
import { type AnomalyCase, byType, smallest } from "./anomalies/AnomalyCase.ts"
import { phantomCommits, possibleCommits } from "./anomalies/Commits.ts"
import { lostCommits } from "./anomalies/LostCommits.ts"
import { consumerPositions } from "./anomalies/ConsumerPositions.ts"
import type { Observations } from "./anomalies/Observations.ts"
import { sendOrder } from "./anomalies/SendOrder.ts"
import type { VersionOrders } from "./anomalies/VersionOrder.ts"

/**
 * - `lost-commit`, `nonmonotonic-commit`, `phantom-commit`: committed offsets that a node lost, went back on, or made
 *   up.
 * - `commit-skip`, and `poll-skip`, `nonmonotonic-poll` where Jepsen does not follow a client: see
 *   `ConsumerPositions.ts`.
 * - `nonmonotonic-send` across an assign.
 * - `unassigned-poll`, `malformed-value`, `unanswered-final-list`.
 *
 * Maelstrom's client asks for committed offsets but (as of 0.2.4) goes on as if there were none. What is said of
 * commits is found only where a client records what it was told, as ours does.
 *
 * What is in `polls`, of which the verdict already tells, is not reported again.
 */
export const warnings = (
  observations: Observations,
  orders: VersionOrders,
  polls: ReadonlyArray<AnomalyCase>,
  binding: ClientBinding
): ReadonlyArray<Anomaly> => {
  const commits = possibleCommits(observations)
  const cases = byType([
    ...notAmong(polls, consumerPositions(observations, orders, commits)),
    ...phantomCommits(observations, commits),
    ...lostCommits(observations, binding),
    ...unansweredLists(observations),
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
  `${type} ${operations.at(-1)!.index} ${"key" in details ? canonical(details.key) : ""}`

/** Final lists of committed offsets that did not succeed, so that what the node has of them was not checked. */
const unansweredLists = ({ completions }: Observations): ReadonlyArray<AnomalyCase> =>
  completions.flatMap(({ operation }) =>
    operation.final === true && operation["committed"] === null
      ? [
          {
            type: "unanswered-final-list",
            details: { op: operation.index },
            operations: [operation],
            describe: () => `In the final phase process ${operation.process} got no list of committed offsets`
          }
        ]
      : []
  )

const malformedValues = ({ malformed }: Observations): ReadonlyArray<AnomalyCase> =>
  malformed.map(({ operation, reason }) => ({
    type: "malformed-value",
    details: { op: operation.index },
    operations: [operation],
    describe: () => `In a ${operation.f} by process ${operation.process}, ${reason}`
  }))
