/**
 * Consumer positions: where each client should go on reading, followed across assigns and empty polls.
 *
 * A client that is assigned a key anew reads on from the committed offset, a client that seeks to the beginning from
 * the first record, and any other from where its last poll of the key ended. Jepsen compares only neighbouring polls
 * that both returned records of the key, and nothing across an assign that brought the key in, so that a node can
 * hide records there:
 *
 * - `commit-skip`: after an assign the first poll of a key began beyond every offset that any client could have
 *   committed by then, and passed over records.
 * - `poll-skip`: a poll passed over records, with an empty poll since the client's last record of that key, or a seek
 *   to the beginning.
 * - `nonmonotonic-poll`: a poll went back, with an empty poll in between.
 * - `unassigned-poll`: a poll returned records of a key that was not assigned to its client.
 */
import { getOrInsert } from "../../../collections/MultiMap.ts"
import * as Integer from "../../../json/Integer.ts"
import type { ClientOperation } from "../../../history/History.ts"
import type { AnomalyCase } from "./AnomalyCase.ts"
import type { Commits } from "./Commits.ts"
import type { Completion, Log, Observations, Placement } from "./Observations.ts"
import { keyPhrase, processPhrase, valuePhrase, valuesPhrase } from "./Phrases.ts"
import { skipped } from "./Skip.ts"
import { indexFrom, type VersionOrder, type VersionOrders } from "./VersionOrder.ts"

/** Follows every client; what it finds includes what Jepsen finds between neighbouring polls. */
export const consumerPositions = (
  observations: Observations,
  orders: VersionOrders,
  commits: Commits
): ReadonlyArray<AnomalyCase> => {
  const anomalies: Array<AnomalyCase> = []
  const clients = new Map<number, Map<Log, Position>>()
  for (const completion of observations.completions) {
    const { f, process, type } = completion.operation
    const positions = getOrInsert(clients, process, () => new Map<Log, Position>())
    if (f === "assign" && type === "ok") {
      clients.set(process, assigned(completion, positions, commits))
    } else if ((f === "poll" || f === "txn") && type === "ok") {
      for (const [log, placements] of completion.polls) {
        advance(completion, orders.get(log)!, placements, positions, anomalies)
      }
    } else if ((f === "poll" || f === "txn") && type === "fail") {
      forget(positions)
    }
  }
  return anomalies
}

/**
 * A client's position in a log: the lowest offset that it may not have passed. It is a bound only, where it comes from
 * commits; `origin` is the assign or the poll that it comes from.
 */
interface Position {
  readonly next: Integer.Integer
  readonly since: "commit" | "beginning" | "poll" | "unknown"
  readonly origin: ClientOperation
  readonly commit?: ClientOperation | undefined
}

const assigned = (completion: Completion, before: ReadonlyMap<Log, Position>, commits: Commits): Map<Log, Position> => {
  const origin = completion.operation
  const positions = new Map<Log, Position>()
  for (const log of completion.assigned) {
    const held = before.get(log)
    if (origin["seek-to-beginning"] === true) {
      positions.set(log, { next: 0, since: "beginning", origin })
    } else if (held !== undefined) {
      positions.set(log, held)
    } else {
      const highest = commits.highest(log, origin.index)
      positions.set(log, { next: Integer.plus(highest.offset, 1), since: "commit", origin, commit: highest.operation })
    }
  }
  return positions
}

/** After a failed poll nobody knows whether the client moved on: it may have failed only when it committed. */
const forget = (positions: Map<Log, Position>): void => {
  for (const [log, { origin }] of positions) {
    positions.set(log, { next: Number.POSITIVE_INFINITY, since: "unknown", origin })
  }
}

const advance = (
  completion: Completion,
  order: VersionOrder,
  placements: ReadonlyArray<Placement>,
  positions: Map<Log, Position>,
  anomalies: Array<AnomalyCase>
): void => {
  const origin = completion.operation
  const first = placements.find((placement) => placement.offset !== undefined)
  if (first === undefined) {
    return
  }
  const position = positions.get(order.log)
  if (position === undefined) {
    anomalies.push(unassigned(origin, order.log))
  } else {
    const from = indexFrom(order, position.next)
    const to = indexFrom(order, first.offset!)
    if (from < to) {
      anomalies.push(skip(position, origin, order, from, to))
    } else if (position.since === "poll" && first.offset! < position.next) {
      anomalies.push(back(position, origin, first))
    }
  }
  const after = Integer.plus(highestOffset(placements, first.offset!), 1)
  const next = position?.since === "poll" ? Integer.max(position.next, after) : after
  positions.set(order.log, { next, since: "poll", origin })
}

const highestOffset = (placements: ReadonlyArray<Placement>, first: Integer.Integer): Integer.Integer => {
  let highest = first
  for (const { offset } of placements) {
    highest = Integer.max(highest, offset ?? first)
  }
  return highest
}

const skip = (
  position: Position,
  poll: ClientOperation,
  order: VersionOrder,
  from: number,
  to: number
): AnomalyCase => {
  const missing = skipped(order, from, to)
  const values = valuesPhrase(missing.messages)
  const key = keyPhrase(order.log)
  const process = processPhrase(poll)
  return {
    type: position.since === "commit" ? "commit-skip" : "poll-skip",
    details: {
      key: order.log.key,
      delta: to - from + 1,
      skipped: missing.messages.map((message) => message.value),
      ops: [position.origin.index, poll.index]
    },
    operations: [position.origin, ...(position.commit === undefined ? [] : [position.commit]), missing.witness, poll],
    describe: () => {
      switch (position.since) {
        case "commit":
          return position.next === 0
            ? `After an assign, ${process} began to read ${key} beyond ${values}, though no client had ` +
                `committed anything`
            : `After an assign, ${process} began to read ${key} beyond ${values}, though no client had committed ` +
                `more than offset ${Integer.plus(position.next, -1)}`
        case "beginning":
          return `After a seek to the beginning, ${process} began to read ${key} beyond ${values}`
        default:
          return `Between two polls that returned records of ${key}, ${process} skipped ${values}`
      }
    }
  }
}

const back = (position: Position, poll: ClientOperation, first: Placement): AnomalyCase => ({
  type: "nonmonotonic-poll",
  details: { key: first.message.log.key, ops: [position.origin.index, poll.index] },
  operations: [position.origin, poll],
  describe: () =>
    `A poll of ${keyPhrase(first.message.log)} by ${processPhrase(poll)} went back to ${valuePhrase(first.message)} ` +
    `at offset ${first.offset}, though the client had read up to offset ${Integer.plus(position.next, -1)}`
})

const unassigned = (poll: ClientOperation, log: Log): AnomalyCase => ({
  type: "unassigned-poll",
  details: { key: log.key, ops: [poll.index] },
  operations: [poll],
  describe: () => `A poll by ${processPhrase(poll)} returned records of ${keyPhrase(log)}, which it was not assigned`
})
