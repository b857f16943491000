/**
 * Checks the order of one client's sends to a key: each should come later in the log than the one before.
 *
 * Jepsen forgets a client's sends to a key when an assign leaves that key out, though an assign concerns polls only.
 * The cases that are lost thereby can be asked for as well.
 */
import { getOrInsert } from "../../../collections/MultiMap.ts"
import type { AnomalyCase } from "./AnomalyCase.ts"
import type { Completion, Log, Observations } from "./Observations.ts"
import { keyPhrase, processPhrase, valuePhrase } from "./Phrases.ts"
import type { VersionOrder, VersionOrders } from "./VersionOrder.ts"

/**
 * `nonmonotonic-send`, as Jepsen finds it (`within` assigns) or only where an assign without the key lies between the
 * two sends (`across` assigns).
 */
export const sendOrder = (
  observations: Observations,
  orders: VersionOrders,
  assigns: "within" | "across"
): ReadonlyArray<AnomalyCase> => {
  const anomalies: Array<AnomalyCase> = []
  const lastSends = new Map<number, Map<Log, LastSend>>()
  for (const completion of observations.completions) {
    const { f, process, type } = completion.operation
    if (type === "fail") {
      continue
    }
    const last = getOrInsert(lastSends, process, () => new Map<Log, LastSend>())
    if (f === "assign") {
      const kept = new Set(completion.assigned)
      for (const [log, send] of last) {
        send.unassigned ||= !kept.has(log)
      }
    }
    for (const log of completion.sends.keys()) {
      const previous = last.get(log)
      if (previous !== undefined && previous.unassigned === (assigns === "across")) {
        const anomaly = compare(previous.completion, completion, orders.get(log)!)
        if (anomaly !== undefined) {
          anomalies.push(anomaly)
        }
      }
      last.set(log, { completion, unassigned: false })
    }
  }
  return anomalies
}

interface LastSend {
  readonly completion: Completion
  unassigned: boolean
}

const compare = (previous: Completion, next: Completion, order: VersionOrder): AnomalyCase | undefined => {
  const from = previous.sends.get(order.log)!.at(-1)!.message
  const to = next.sends.get(order.log)!.at(0)!.message
  const before = order.indexOf.get(from)
  const after = order.indexOf.get(to)
  if (before === undefined || after === undefined || after > before) {
    return undefined
  }
  return {
    type: "nonmonotonic-send",
    details: {
      key: order.log.key,
      values: [from.value, to.value],
      delta: after - before,
      ops: [previous.operation.index, next.operation.index]
    },
    operations: [previous.operation, next.operation],
    describe: () =>
      `To ${keyPhrase(order.log)}, ${processPhrase(next.operation)} sent ${valuePhrase(from)} and then ` +
      `${valuePhrase(to)}, which comes before it in the log`
  }
}
