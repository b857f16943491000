/**
 * The checker of the Kafka workload: append-only logs with `send`, `poll` and committed offsets.
 *
 * It judges a history as `jepsen.tests.kafka` does when Maelstrom uses it, that is, with clients that choose their
 * keys by assign and operations of one send or one poll. It differs from it in what follows:
 *
 * - A polled message that nobody sent is an anomaly, `garbage-read`; Jepsen's checker throws.
 * - A key that polls return only without records is fine; Jepsen's checker throws.
 * - A key whose first successful poll ends the history is not `unseen` where no send to it was acknowledged.
 * - A history too short to hold any dependency is valid; Elle reports `empty-transaction-graph`.
 */
import type { Checker } from "../../checkers/CheckOptions.ts"
import { canonical, order } from "../../json/JsonValue.ts"
import type { Anomaly } from "../../checkers/Verdict.ts"
import { type AnomalyCase, byType, smallest } from "./anomalies/AnomalyCase.ts"
import { phantomCommits, possibleCommits } from "./anomalies/Commits.ts"
import { consumerPositions } from "./anomalies/ConsumerPositions.ts"
import { internalOrder } from "./anomalies/InternalOrder.ts"
import { lostWrites, unseen, type Unseen, unseenMessages } from "./anomalies/LostWrites.ts"
import { hasRecords, observe, type Observations } from "./anomalies/Observations.ts"
import { duplicates, inconsistentOffsets } from "./anomalies/OffsetConflicts.ts"
import { pollOrder } from "./anomalies/PollOrder.ts"
import { type RealtimeLag, worstRealtimeLag } from "./anomalies/RealtimeLag.ts"
import { sendOrder } from "./anomalies/SendOrder.ts"
import { versionOrders } from "./anomalies/VersionOrder.ts"
import { futureReads, wrongReads } from "./anomalies/WrongReads.ts"

/**
 * Judges a history of the Kafka workload.
 *
 * The results hold `error-types`, the ones among them that make the run invalid as `bad-error-types`,
 * `worst-realtime-lag` (`time` and `lag` in seconds), `info-txn-causes`, and for each error type `count` and `errs`
 * with the fields that Maelstrom gives, where operations are named by their index. `unseen` has instead the time in
 * nanoseconds, the number of messages by key, and up to 32 messages of each.
 *
 * Strict warnings: `commit-skip`, `poll-skip` and `nonmonotonic-poll` where Jepsen does not follow a client,
 * `phantom-commit`, `nonmonotonic-send` across an assign, `unassigned-poll` and `malformed-value`. Maelstrom's client
 * asks for committed offsets but (as of 0.2.4) goes on as if there were none, so that `commit-skip` and
 * `phantom-commit` need a client that uses them or records them.
 */
export const check: Checker = (history) => {
  const observations = observe(history)
  const orders = versionOrders(observations)
  const commits = possibleCommits(observations)
  const missing = unseen(observations)
  const polls = pollOrder(observations, orders)
  const errors = byType([
    ...duplicates(orders),
    ...inconsistentOffsets(orders),
    ...internalOrder(observations, orders),
    ...polls,
    ...sendOrder(observations, orders, "within"),
    ...wrongReads(observations),
    ...futureReads(observations),
    ...lostWrites(orders),
    ...(missing === undefined ? [] : unseenMessages(missing))
  ])
  const strict = byType([
    ...notAmong(polls, consumerPositions(observations, orders, commits)),
    ...phantomCommits(observations, commits),
    ...sendOrder(observations, orders, "across"),
    ...malformedValues(observations)
  ])
  const errorTypes = [...errors.keys()]
  const badErrorTypes = errorTypes.filter((type) => !allowed.has(type))
  const valid = badErrorTypes.length === 0
  return {
    valid,
    results: {
      "valid?": valid,
      "worst-realtime-lag": lagInSeconds(worstRealtimeLag(observations)),
      "bad-error-types": badErrorTypes,
      "error-types": errorTypes,
      "info-txn-causes": infoCauses(observations),
      ...Object.fromEntries([...errors].map(([type, cases]) => [type, summary(type, cases)])),
      ...(missing === undefined ? {} : { unseen: unseenSummary(missing) })
    },
    anomalies: badErrorTypes.map((type) => smallest(type, errors.get(type)!)),
    warnings: [...strict].map(([name, cases]): Anomaly => smallest(name, cases))
  }
}

/**
 * What Jepsen reports without calling a run invalid. It allows write cycles as well, which operations of one send or
 * one poll cannot form.
 */
const allowed: ReadonlySet<string> = new Set(["int-send-skip"])

const notAmong = (
  known: ReadonlyArray<AnomalyCase>,
  anomalies: ReadonlyArray<AnomalyCase>
): ReadonlyArray<AnomalyCase> => {
  const places = new Set(known.map((anomaly) => place(anomaly)))
  return anomalies.filter((anomaly) => !places.has(place(anomaly)))
}

const place = ({ details, operations, type }: AnomalyCase): string =>
  `${type} ${operations.at(-1)!.index} ${canonical(details.key)}`

const malformedValues = ({ malformed }: Observations): ReadonlyArray<AnomalyCase> =>
  malformed.map(({ operation, reason }) => ({
    type: "malformed-value",
    details: { op: operation.index },
    operations: [operation],
    describe: () => `In a ${operation.f} by process ${operation.process}, ${reason}`
  }))

const summary = (type: string, cases: ReadonlyArray<AnomalyCase>) => ({
  count: cases.length,
  errs: worstFirst(type, cases)
    .slice(0, 8)
    .map((anomaly) => anomaly.details)
})

/** The widest skips first, and the furthest steps back. */
const worstFirst = (type: string, cases: ReadonlyArray<AnomalyCase>): ReadonlyArray<AnomalyCase> => {
  const sign = type.endsWith("skip") ? -1 : 1
  return cases.toSorted((a, b) => sign * (Number(a.details.delta ?? 0) - Number(b.details.delta ?? 0)))
}

const unseenSummary = ({ messages, time }: Unseen) => ({
  time,
  unseen: Object.fromEntries([...messages].map(([log, missing]) => [log.key, missing.length])),
  messages: Object.fromEntries(
    [...messages].map(([log, missing]) => [
      log.key,
      missing
        .map((message) => message.value)
        .toSorted(order)
        .slice(0, 32)
    ])
  )
})

const lagInSeconds = (worst: RealtimeLag) => ({ ...worst, time: worst.time / 1e9, lag: worst.lag / 1e9 })

const infoCauses = (observations: Observations): ReadonlyArray<unknown> => {
  const causes = new Map<string, unknown>()
  for (const { operation } of observations.completions) {
    if (operation.type === "info" && hasRecords(operation)) {
      const cause = operation.error ?? null
      causes.set(canonical(cause), cause)
    }
  }
  return [...causes.values()]
}
