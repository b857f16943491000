/**
 * The items of all nodes that one node knows, each node's in the order in which it appended them.
 */
import type { VersionVector } from "./VersionVector.ts"

/** A run of items from one node's log: whose, the place of the first (from 0), and the items. */
export type Run<A> = readonly [origin: number, first: number, items: ReadonlyArray<A>]

export interface ReplicatedLog<A> {
  /** How many items of each node are known without a gap, or were skipped. */
  readonly version: VersionVector

  /** How many items of each node are no longer kept. */
  readonly forgotten: VersionVector

  /** How many items are kept in memory, those out of order included. */
  readonly retained: number

  /** Adds an item to the end of `origin`'s log. */
  append(origin: number, item: A): void

  /**
   * Takes a run as it arrives and returns what has become known by it, in order: nothing where all is known already, or
   * where something before it is missing, in which case the run is held until that arrives.
   */
  receive(run: Run<A>): ReadonlyArray<A>

  /**
   * What is known beyond `from` of the origins that `include` admits, `limit` items at most, from where it is kept.
   */
  since(from: VersionVector, limit: number, include?: (origin: number) => boolean): ReadonlyArray<Run<A>>

  /** Drops items that nobody will ask for again: of each node, the first as many as `stable` says. */
  forget(stable: VersionVector): void

  /** Goes on behind the first `count` items of `origin`, which cannot be had any more. Returns what becomes known by it. */
  skip(origin: number, count: number): ReadonlyArray<A>

  /** Takes all items off `origin`'s log, as if it had never had any, and returns those that were kept. */
  withdraw(origin: number): ReadonlyArray<A>
}

/**
 * How far beyond what is known an item may be to be held while an earlier one is missing. What is farther off is
 * dropped: it will be sent again, since it does not become known.
 */
export const holdLimit = 10_000

/** Empty logs of `size` nodes. */
export const make = <A>(size: number): ReplicatedLog<A> => {
  const logs = Array.from({ length: size }, (): Log<A> => ({ items: [], held: new Map() }))
  const version = logs.map(() => 0)
  const forgotten = logs.map(() => 0)

  const append = (origin: number, item: A) => {
    logs[origin]!.items.push(item)
    version[origin]! += 1
  }

  /** Appends what was held and has nothing missing before it any more. */
  const release = (origin: number): ReadonlyArray<A> => {
    const { held } = logs[origin]!
    if (held.size === 0) {
      return []
    }
    for (const index of held.keys()) {
      if (index < version[origin]!) {
        held.delete(index)
      }
    }
    const known: Array<A> = []
    for (let index = version[origin]!; held.has(index); index++) {
      const item = held.get(index)!
      held.delete(index)
      append(origin, item)
      known.push(item)
    }
    return known
  }

  return {
    version,
    forgotten,

    get retained() {
      return logs.reduce((sum, { held, items }) => sum + items.length + held.size, 0)
    },

    append,

    receive: ([origin, first, items]) => {
      const { held } = logs[origin]!
      const known: Array<A> = []
      for (const [offset, item] of items.entries()) {
        const index = first + offset
        if (index === version[origin]) {
          append(origin, item)
          known.push(item)
        } else if (index > version[origin]! && index <= version[origin]! + holdLimit) {
          held.set(index, item)
        }
      }
      return held.size === 0 ? known : [...known, ...release(origin)]
    },

    since: (from, limit, include = () => true) => {
      const runs: Array<Run<A>> = []
      let room = limit
      for (const [origin, { items }] of logs.entries()) {
        const first = Math.max(from[origin]!, forgotten[origin]!)
        if (room === 0 || first >= version[origin]! || !include(origin)) {
          continue
        }
        const run = items.slice(first - forgotten[origin]!, first - forgotten[origin]! + room)
        room -= run.length
        runs.push([origin, first, run])
      }
      return runs
    },

    forget: (stable) => {
      for (const [origin, { items }] of logs.entries()) {
        const count = Math.min(stable[origin]!, version[origin]!) - forgotten[origin]!
        if (count > 0) {
          items.splice(0, count)
          forgotten[origin]! += count
        }
      }
    },

    skip: (origin, count) => {
      if (count <= version[origin]!) {
        return []
      }
      logs[origin]!.items.length = 0
      version[origin] = count
      forgotten[origin] = count
      return release(origin)
    },

    withdraw: (origin) => {
      version[origin] = 0
      forgotten[origin] = 0
      logs[origin]!.held.clear()
      return logs[origin]!.items.splice(0)
    }
  }
}

interface Log<A> {
  /** What is kept: those of the log's items that are known and not forgotten. */
  readonly items: Array<A>
  /** Items behind a gap, by their place. */
  readonly held: Map<number, A>
}
