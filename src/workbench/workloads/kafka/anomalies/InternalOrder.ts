/**
 * Checks the order of records within one operation: what an operation sends to a key, or polls from it, should follow
 * the log one by one. An operation which leaves out records skips; one that goes back or stays is nonmonotonic.
 */
import type { AnomalyCase } from "./AnomalyCase.ts"
import type { Completion, Log, Observations, Placement } from "./Observations.ts"
import { keyPhrase, processPhrase, valuePhrase, valuesPhrase } from "./Phrases.ts"
import { skipped } from "./Skip.ts"
import type { VersionOrder, VersionOrders } from "./VersionOrder.ts"

/** `int-poll-skip` and `int-nonmonotonic-poll`, `int-send-skip` and `int-nonmonotonic-send`. */
export const internalOrder = (observations: Observations, orders: VersionOrders): ReadonlyArray<AnomalyCase> => {
  const anomalies: Array<AnomalyCase> = []
  for (const completion of observations.completions) {
    collect(completion, "poll", completion.polls, orders, anomalies)
    collect(completion, "send", completion.sends, orders, anomalies)
  }
  return anomalies
}

const collect = (
  completion: Completion,
  f: "poll" | "send",
  records: ReadonlyMap<Log, ReadonlyArray<Placement>>,
  orders: VersionOrders,
  anomalies: Array<AnomalyCase>
): void => {
  for (const [log, placements] of records) {
    const order = orders.get(log)!
    let before: number | undefined
    for (let at = 0; at < placements.length; at++) {
      const index = order.indexOf.get(placements[at]!.message)
      if (before !== undefined && index !== undefined && index - before !== 1) {
        const make = index - before > 1 ? skip : nonmonotonic
        anomalies.push(make(completion, f, order, placements[at - 1]!, placements[at]!, before, index))
      }
      before = index
    }
  }
}

type Make = (
  completion: Completion,
  f: "poll" | "send",
  order: VersionOrder,
  first: Placement,
  second: Placement,
  from: number,
  to: number
) => AnomalyCase

const skip: Make = ({ operation }, f, order, first, second, from, to) => {
  const missing = skipped(order, from + 1, to)
  return {
    type: `int-${f}-skip`,
    details: {
      key: order.log.key,
      values: [first.message.value, second.message.value],
      delta: to - from,
      skipped: missing.messages.map((message) => message.value),
      op: operation.index
    },
    operations: [operation, missing.witness],
    describe: () =>
      `One ${f} by ${processPhrase(operation)} went from ${valuePhrase(first.message)} straight to ` +
      `${valuePhrase(second.message)} of ${keyPhrase(order.log)} and skipped ${valuesPhrase(missing.messages)}`
  }
}

const nonmonotonic: Make = ({ operation }, f, order, first, second, from, to) => ({
  type: `int-nonmonotonic-${f}`,
  details: {
    key: order.log.key,
    values: [first.message.value, second.message.value],
    delta: to - from,
    op: operation.index
  },
  operations: [operation],
  describe: () =>
    to === from
      ? `One ${f} by ${processPhrase(operation)} repeated ${valuePhrase(first.message)} of ${keyPhrase(order.log)}`
      : `One ${f} by ${processPhrase(operation)} went back from ${valuePhrase(first.message)} to ` +
        `${valuePhrase(second.message)} of ${keyPhrase(order.log)}, which comes before it in the log`
})
