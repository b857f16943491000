/**
 * The items of all nodes that one node knows, each node's in the order in which it appended them.
 */
import type { VersionVector } from "./VersionVector.ts"

/** A run of items from one node's log: whose, the place of the first (from 0), and the items. */
export type Run<A> = readonly [origin: number, first: number, items: ReadonlyArray<A>]

export interface ReplicatedLog<A> {
  /** How many items of each node are known without a gap. */
  readonly version: VersionVector

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
   * What is known beyond `from` of the origins that `include` admits, `limit` items at most. What was forgotten is left
   * out.
   */
  since(from: VersionVector, limit: number, include?: (origin: number) => boolean): ReadonlyArray<Run<A>>

  /** Drops items that nobody will ask for again: of each node, the first as many as `stable` says. */
  forget(stable: VersionVector): void
}

/**
 * The most items of one node that are held while an earlier one is missing. What comes on top is dropped: it will be
 * sent again, since it does not become known.
 */
export const holdLimit = 10_000

/** Empty logs of `size` nodes. */
export const make = <A>(size: number): ReplicatedLog<A> => {
  const logs = Array.from({ length: size }, (): Log<A> => ({ forgotten: 0, items: [], held: new Map() }))
  const version = logs.map(() => 0)

  const append = (origin: number, item: A) => {
    logs[origin]!.items.push(item)
    version[origin]! += 1
  }

  return {
    version,

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
        } else if (index > version[origin]! && held.size < holdLimit) {
          held.set(index, item)
        }
      }
      for (let index = version[origin]!; held.size > 0 && held.has(index); index++) {
        const item = held.get(index)!
        held.delete(index)
        append(origin, item)
        known.push(item)
      }
      // What was held has become known by other ways.
      for (const index of held.keys()) if (index < version[origin]!) held.delete(index)
      return known
    },

    since: (from, limit, include = () => true) => {
      const runs: Array<Run<A>> = []
      let room = limit
      for (const [origin, { forgotten, items }] of logs.entries()) {
        const first = from[origin]!
        if (room === 0 || first >= version[origin]! || first < forgotten || !include(origin)) continue
        const run = items.slice(first - forgotten, first - forgotten + room)
        room -= run.length
        runs.push([origin, first, run])
      }
      return runs
    },

    forget: (stable) => {
      for (const [origin, log] of logs.entries()) {
        const count = Math.min(stable[origin]!, version[origin]!) - log.forgotten
        if (count > 0) {
          log.items.splice(0, count)
          log.forgotten += count
        }
      }
    }
  }
}

interface Log<A> {
  /** How many items from the beginning are no longer in `items`. */
  forgotten: number
  readonly items: Array<A>
  /** Items behind a gap, by their place. */
  readonly held: Map<number, A>
}
