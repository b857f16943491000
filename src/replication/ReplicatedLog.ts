/**
 * A replica's logs: append-only, with the items that this replica has, in the order in which their node appended them.
 * The stable prefix can be truncated, and a hold-back queue keeps what arrives before its turn.
 *
 * A log goes by its index, its origin. An item's sequence number is its position in its log, from 0, and stays the same
 * when a prefix is truncated.
 */
import type { VersionVector } from "./VersionVector.ts"

/** A run of items from one log: which, the sequence number of the first, and the items. */
export type Run<A> = readonly [origin: number, first: number, items: ReadonlyArray<A>]

export interface ReplicatedLog<A> {
  /** How many items of each log have been taken without a gap, or were skipped. */
  readonly version: VersionVector

  /** How many items of each log are no longer kept: the sequence number at which the log starts now. */
  readonly truncated: VersionVector

  /** How many items are kept in memory, those that are held back included. */
  readonly retained: number

  /** Adds an item to the end of `origin`'s log. */
  append(origin: number, item: A): void

  /**
   * Takes a run as it arrives and returns what can be delivered now, in order: nothing where all has been delivered
   * already, or where something before it is missing, in which case the run is held back until that arrives.
   */
  receive(run: Run<A>): ReadonlyArray<A>

  /**
   * What there is beyond `from` of the origins that `include` admits, `limit` items at most, from where the logs start.
   */
  since(from: VersionVector, limit: number, include?: (origin: number) => boolean): ReadonlyArray<Run<A>>

  /** Drops items that nobody will ask for again: of each log, the prefix that `stable` says. */
  truncate(stable: VersionVector): void

  /**
   * Goes on behind the first `count` items of `origin`, whose effects this replica has got otherwise. Returns what can
   * be delivered now.
   */
  skip(origin: number, count: number): ReadonlyArray<A>

  /**
   * Orders the logs anew: `origins` says which of the present ones goes where, and −1 stands for an empty log. Those
   * that it leaves out are dropped.
   */
  reorder(origins: ReadonlyArray<number>): void
}

/**
 * How far beyond the end of a log an item may be to be held back while an earlier one is missing. What is farther off
 * is dropped: it will be sent again, since the version vector does not count it.
 */
export const holdLimit = 10_000

/** `size` empty logs. */
export const make = <A>(size: number): ReplicatedLog<A> => {
  const logs = Array.from({ length: size }, (): Log<A> => ({ items: [], held: new Map() }))
  const version = logs.map(() => 0)
  const truncated = logs.map(() => 0)

  const append = (origin: number, item: A) => {
    logs[origin]!.items.push(item)
    version[origin]! += 1
  }

  /** Appends what was held back and has nothing missing before it any more. */
  const release = (origin: number): ReadonlyArray<A> => {
    const { held } = logs[origin]!
    if (held.size === 0) {
      return []
    }
    for (const seq of held.keys()) {
      if (seq < version[origin]!) {
        held.delete(seq)
      }
    }
    const deliverable: Array<A> = []
    for (let seq = version[origin]!; held.has(seq); seq++) {
      const item = held.get(seq)!
      held.delete(seq)
      append(origin, item)
      deliverable.push(item)
    }
    return deliverable
  }

  return {
    version,
    truncated,

    get retained() {
      return logs.reduce((sum, { held, items }) => sum + items.length + held.size, 0)
    },

    append,

    receive: ([origin, first, items]) => {
      const { held } = logs[origin]!
      const deliverable: Array<A> = []
      for (const [offset, item] of items.entries()) {
        const seq = first + offset
        if (seq === version[origin]) {
          append(origin, item)
          deliverable.push(item)
        } else if (seq > version[origin]! && seq <= version[origin]! + holdLimit) {
          held.set(seq, item)
        }
      }
      return held.size === 0 ? deliverable : [...deliverable, ...release(origin)]
    },

    since: (from, limit, include = () => true) => {
      const runs: Array<Run<A>> = []
      let room = limit
      for (const [origin, { items }] of logs.entries()) {
        const first = Math.max(from[origin]!, truncated[origin]!)
        if (room === 0 || first >= version[origin]! || !include(origin)) {
          continue
        }
        const run = items.slice(first - truncated[origin]!, first - truncated[origin]! + room)
        room -= run.length
        runs.push([origin, first, run])
      }
      return runs
    },

    truncate: (stable) => {
      for (const [origin, { items }] of logs.entries()) {
        const count = Math.min(stable[origin]!, version[origin]!) - truncated[origin]!
        if (count > 0) {
          items.splice(0, count)
          truncated[origin]! += count
        }
      }
    },

    skip: (origin, count) => {
      if (count <= version[origin]!) {
        return []
      }
      logs[origin]!.items.length = 0
      version[origin] = count
      truncated[origin] = count
      return release(origin)
    },

    reorder: (origins) => {
      for (const counts of [version, truncated]) {
        counts.splice(0, counts.length, ...origins.map((origin) => counts[origin] ?? 0))
      }
      logs.splice(0, logs.length, ...origins.map((origin) => logs[origin] ?? { items: [], held: new Map() }))
    }
  }
}

interface Log<A> {
  /** The log from the first sequence number that is not truncated. */
  readonly items: Array<A>
  /** The hold-back queue: items behind a gap, by their sequence numbers. */
  readonly held: Map<number, A>
}
