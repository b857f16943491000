/**
 * Append-only logs in memory.
 */
import type { Schema } from "effect"

/** How much a poll returns at most: records of one log, and of all logs together. */
export interface PollLimits {
  readonly perKey: number
  readonly total: number
}

/** What a message of some tens of kilobytes holds. */
export const defaultLimits: PollLimits = { perKey: 512, total: 4_096 }

/** Records of several logs as `[offset, record]`, each log's without a gap. */
export type Records = { readonly [key: string]: ReadonlyArray<readonly [offset: number, record: Schema.Json]> }

/** Logs by their keys, which grow at the end and are never cut. */
export interface Logs {
  /** Adds a record to the end of a log; returns its offset. Offsets of a log are 0, 1, 2, … */
  append(key: string, record: Schema.Json): number

  /**
   * The records of each log from an offset on, within the limits. Logs of which there is nothing are left out. Takes
   * time for what it returns only.
   */
  poll(offsets: Iterable<readonly [key: string, offset: number]>, limits?: PollLimits): Records
}

/** The first records of each log, as many as the limits allow. */
export const withinLimits = (
  polled: Iterable<readonly [key: string, records: Records[string]]>,
  { perKey, total }: PollLimits = defaultLimits
): Records => {
  let room = total
  const limited = Array.from(polled, ([key, all]) => {
    const records = all.slice(0, Math.min(perKey, room))
    room -= records.length
    return [key, records] as const
  })
  return Object.fromEntries(limited.filter(([, records]) => records.length > 0))
}

/** Starts without records. */
export const make = (): Logs => {
  const logs = new Map<string, Array<Schema.Json>>()
  return {
    append: (key, record) => {
      const log = logs.get(key)
      if (log !== undefined) {
        return log.push(record) - 1
      }
      logs.set(key, [record])
      return 0
    },

    poll: (offsets, { perKey, total } = defaultLimits) => {
      const polled: Array<readonly [string, Records[string]]> = []
      let room = total
      for (const [key, from] of offsets) {
        const records = logs.get(key)?.slice(from, from + Math.min(perKey, room)) ?? []
        room -= records.length
        if (records.length > 0) {
          polled.push([key, records.map((record, index) => [from + index, record])])
        }
      }
      return Object.fromEntries(polled)
    }
  }
}
