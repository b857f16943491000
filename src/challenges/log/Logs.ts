/**
 * Append-only logs in memory.
 */
import { Effect, type Schema } from "effect"
import type { Poll } from "../../protocol/Kafka.ts"
import type { Request } from "../../protocol/Rpc.ts"
import type { RpcError } from "../../protocol/RpcError.ts"
import { firstFrom } from "./firstFrom.ts"

/** How much a poll returns at most: records of one log, and of all logs together. */
export interface PollLimits {
  readonly perKey: number
  readonly total: number
}

/** What a message of some tens of kilobytes holds. */
export const defaultLimits: PollLimits = { perKey: 512, total: 4_096 }

/** Records of several logs as `[offset, record]`, each log's by rising offsets. */
export type Records = { readonly [key: string]: ReadonlyArray<readonly [offset: number, record: Schema.Json]> }

/** Logs by their keys, which grow at the end and are never cut. */
export interface Logs {
  /**
   * Adds a record to the end of a log; returns its offset. Offsets of a log are 0, 1, 2, … unless some are left out
   * before the record.
   */
  append(key: string, record: Schema.Json, leftOut?: number): number

  /** Takes a record that somebody else gave its offset, unless there is one with that offset already. */
  put(key: string, offset: number, record: Schema.Json): void

  /** All records. */
  entries(): ReadonlyArray<readonly [key: string, offset: number, record: Schema.Json]>

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
 * Takes from each log as many records as the limits allow: an even share of the room for each log that is still to
 * come, so that none is left with nothing behind others that always have more.
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
  const logs = new Map<string, Array<Records[string][number]>>()
  const logOf = (key: string) => {
    const log = logs.get(key) ?? []
    logs.set(key, log)
    return log
  }

  return {
    append: (key, record, leftOut = 0) => {
      const log = logOf(key)
      const offset = (log.at(-1)?.[0] ?? -1) + 1 + leftOut
      log.push([offset, record])
      return offset
    },

    put: (key, offset, record) => {
      const log = logOf(key)
      const index = firstFrom(log, offset)
      if (log[index]?.[0] !== offset) {
        log.splice(index, 0, [offset, record])
      }
    },

    entries: () => [...logs].flatMap(([key, log]) => log.map(([offset, record]) => [key, offset, record] as const)),

    poll: (offsets, limits = defaultLimits) =>
      share(
        Array.from(offsets, ([key, from]) => [key, { key, from }] as const),
        limits,
        ({ from, key }, most) => {
          const log = logs.get(key) ?? []
          const first = firstFrom(log, from)
          return log.slice(first, first + most)
        }
      )
  }
}

/** Handles polls of a node's own copy of logs: nothing is shown before it is as safe as it has to be. */
export const pollHandler =
  (logs: Logs, durable: Effect.Effect<void, RpcError>) =>
  ({ offsets }: Request<typeof Poll>) =>
    Effect.suspend(() => {
      const msgs = logs.poll(Object.entries(offsets))
      return Effect.as(durable, { msgs })
    })
