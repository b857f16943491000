/**
 * Realtime lag: how far behind the end of the logs the polls were, in real time.
 *
 * A poll of a key lags if, when it began, the client had not yet polled a record that was known to exist: the lag is
 * the time since the first operation ended that showed such a record. It is a lower bound, and no anomaly: nothing
 * says how soon a poll has to return what was sent.
 */
import { getOrInsert } from "../../../collections/MultiMap.ts"
import type { Integer } from "../../../json/Integer.ts"
import type { Completion, Log, Observations, Placement } from "./Observations.ts"

/** The greatest lag of a run. `time` is when the poll began; both times are in nanoseconds. */
export interface RealtimeLag {
  readonly time: number
  readonly lag: number
  readonly process?: number
  readonly key?: string
}

/**
 * The greatest lag, the first of equals. A client's position in a key is the highest offset it has polled since the
 * key was assigned to it; before that, it stands before the first record.
 */
export const worstRealtimeLag = (observations: Observations): RealtimeLag => {
  const growth = logGrowth(observations)
  const positions = new Map<number, Map<Log, Position>>()
  let worst: RealtimeLag | undefined
  for (const completion of observations.completions) {
    const { f, process, type } = completion.operation
    if (type !== "ok" || (f !== "assign" && f !== "poll" && f !== "txn")) {
      continue
    }
    const before = positions.get(process) ?? new Map<Log, Position>()
    if (f === "assign") {
      positions.set(
        process,
        new Map(completion.assigned.map((log) => [log, before.get(log) ?? positionAt(-1, growth.get(log))]))
      )
      continue
    }
    positions.set(process, before)
    for (const [log, offset] of maxOffsets(completion)) {
      if (offset > (before.get(log)?.offset ?? Number.NEGATIVE_INFINITY)) {
        before.set(log, positionAt(offset, growth.get(log)))
      }
    }
    const time = (completion.invocation ?? completion.operation).time
    for (const [log, { outdated }] of before) {
      const lag = Math.max(time - outdated, 0)
      if (worst === undefined || lag > worst.lag) {
        worst = { time, process, key: log.key, lag }
      }
    }
  }
  return worst ?? { time: 0, lag: 0 }
}

/** A client's highest offset, and since when a later record is known to exist. */
interface Position {
  readonly offset: Integer
  readonly outdated: number
}

/** When a log was first known to reach which offset; both ascend. */
interface Growth {
  readonly offsets: Array<Integer>
  readonly times: Array<number>
}

const logGrowth = (observations: Observations): ReadonlyMap<Log, Growth> => {
  const growth = new Map<Log, Growth>()
  for (const completion of observations.completions) {
    if (completion.operation.type === "fail") {
      continue
    }
    for (const [log, offset] of maxOffsets(completion)) {
      const known = getOrInsert(growth, log, () => ({ offsets: [], times: [] }))
      if (offset > (known.offsets.at(-1) ?? -1)) {
        known.offsets.push(offset)
        known.times.push(completion.operation.time)
      }
    }
  }
  return growth
}

const maxOffsets = (completion: Completion): ReadonlyMap<Log, Integer> => {
  const highest = new Map<Log, Integer>()
  for (const [log, placements] of completion.polls) {
    highest.set(log, maxOffset(placements, -1))
  }
  for (const [log, placements] of completion.sends) {
    const offset = maxOffset(placements, highest.get(log) ?? -1)
    if (offset >= 0) {
      highest.set(log, offset)
    }
  }
  return highest
}

const maxOffset = (placements: ReadonlyArray<Placement>, least: Integer): Integer => {
  let highest = least
  for (const { offset } of placements) {
    if (offset !== undefined && offset > highest) {
      highest = offset
    }
  }
  return highest
}

const positionAt = (offset: Integer, growth: Growth | undefined): Position => {
  const next = growth === undefined ? -1 : firstAbove(growth.offsets, offset)
  return { offset, outdated: growth?.times[next] ?? Number.POSITIVE_INFINITY }
}

const firstAbove = (ascending: ReadonlyArray<Integer>, offset: Integer): number => {
  let low = 0
  let high = ascending.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (ascending[middle]! > offset) {
      high = middle
    } else {
      low = middle + 1
    }
  }
  return low
}
