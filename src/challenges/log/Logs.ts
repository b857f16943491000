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
  polled: ReadonlyArray<readonly [key: string, records: Records[string]]>,
  limits: PollLimits = defaultLimits
): Records => share(polled, limits, (all, most) => all.slice(0, most))

/**
 * Takes from each log as many records as the limits allow: an even share of the room for each log that is still to come,
 * so that none is left with nothing behind others that always have more.
 */
const share = <A>(
  logs: ReadonlyArray<readonly [key: string, log: A]>,
  { perKey, total }: PollLimits,
  take: (log: A, most: number) => Records[string]
): Records => {
  let room = total
  const shared = logs.map(([key, log], index) => {
    const records = take(log, Math.min(perKey, Math.ceil(room / (logs.length - index))))
    room -= records.length
    return [key, records] as const
  })
  return Object.fromEntries(shared.filter(([, records]) => records.length > 0))
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

    poll: (offsets, limits = defaultLimits) =>
      share(
        Array.from(offsets, ([key, from]) => [key, { key, from }] as const),
        limits,
        ({ from, key }, most) =>
          (logs.get(key)?.slice(from, from + most) ?? []).map((record, index) => [from + index, record] as const)
      )
  }
}
