/**
 * Checks the order of records from one poll to the next of the same client: a poll should begin where the client's last
 * poll of that key ended. Beginning further on skips; beginning at or before the end is nonmonotonic.
 *
 * As in Jepsen, a client is forgiven where an assign dropped the key in between, and also where a poll in between
 * returned the key without records. `ConsumerPositions` looks at those cases.
 */
import { getOrInsert } from "../../../collections/MultiMap.ts"
import type { AnomalyCase } from "./AnomalyCase.ts"
import type { Completion, Log, Observations } from "./Observations.ts"
import { keyPhrase, processPhrase, valuePhrase, valuesPhrase } from "./Phrases.ts"
import { skipped } from "./Skip.ts"
import type { VersionOrder, VersionOrders } from "./VersionOrder.ts"

/** `poll-skip` and `nonmonotonic-poll`. */
export const pollOrder = (observations: Observations, orders: VersionOrders): ReadonlyArray<AnomalyCase> => {
  const anomalies: Array<AnomalyCase> = []
  const lastPolls = new Map<number, Map<Log, Completion>>()
  for (const completion of observations.completions) {
    const { process, type } = completion.operation
    const last = getOrInsert(lastPolls, process, () => new Map<Log, Completion>())
    if (completion.operation.f === "assign" && type !== "fail") {
      lastPolls.set(process, only(last, completion.assigned))
    }
    for (const log of completion.polls.keys()) {
      const previous = last.get(log)
      const anomaly = previous === undefined ? undefined : compare(previous, completion, orders.get(log)!)
      if (anomaly !== undefined) {
        anomalies.push(anomaly)
      }
      if (type === "ok") {
        last.set(log, completion)
      }
    }
  }
  return anomalies
}

/** A poll that jumped over records which its client had not polled yet. */
const pollSkip = (
  previous: Completion,
  next: Completion,
  order: VersionOrder,
  from: number,
  to: number
): AnomalyCase => {
  const missing = skipped(order, from, to)
  return {
    type: "poll-skip",
    details: {
      key: order.log.key,
      delta: to - from + 1,
      skipped: missing.messages.map((message) => message.value),
      ops: [previous.operation.index, next.operation.index]
    },
    operations: [previous.operation, missing.witness, next.operation],
    describe: () =>
      `After one poll of ${keyPhrase(order.log)} the next by ${processPhrase(next.operation)} skipped ` +
      valuesPhrase(missing.messages)
  }
}

/** A poll that began at or before the end of an earlier poll of its client; the indexes are those of end and begin. */
const pollBack = (
  previous: Completion,
  next: Completion,
  order: VersionOrder,
  end: number,
  begin: number
): AnomalyCase => {
  const [from, to] = [order.byIndex[end]!, order.byIndex[begin]!]
  return {
    type: "nonmonotonic-poll",
    details: {
      key: order.log.key,
      values: [from.value, to.value],
      delta: begin - end,
      ops: [previous.operation.index, next.operation.index]
    },
    operations: [previous.operation, next.operation],
    describe: () =>
      `After a poll of ${keyPhrase(order.log)} up to ${valuePhrase(from)} the next by ` +
      `${processPhrase(next.operation)} began with ${valuePhrase(to)}`
  }
}

const compare = (previous: Completion, next: Completion, order: VersionOrder): AnomalyCase | undefined => {
  const last = previous.polls.get(order.log)!.at(-1)
  const first = next.polls.get(order.log)!.at(0)
  const end = last && order.indexOf.get(last.message)
  const begin = first && order.indexOf.get(first.message)
  if (end === undefined || begin === undefined || begin - end === 1) {
    return undefined
  }
  return begin - end > 1 ? pollSkip(previous, next, order, end + 1, begin) : pollBack(previous, next, order, end, begin)
}

const only = (polls: Map<Log, Completion>, kept: ReadonlyArray<Log>): Map<Log, Completion> => {
  const result = new Map<Log, Completion>()
  for (const log of kept) {
    const completion = polls.get(log)
    if (completion !== undefined) {
      result.set(log, completion)
    }
  }
  return result
}
