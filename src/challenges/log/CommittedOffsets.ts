/**
 * How far consumers have come in each log.
 */

/** Offsets by key. */
export type Offsets = { readonly [key: string]: number }

export interface CommittedOffsets {
  /** Commits offsets. They only move forward: a lower one than is known changes nothing. Returns what has changed. */
  commit(offsets: Offsets): Offsets

  /** The committed offsets of some logs. Those without one are left out. */
  list(keys: Iterable<string>): Offsets
}

/** Nothing is committed yet. */
export const make = (): CommittedOffsets => {
  const committed = new Map<string, number>()
  return {
    commit: (offsets) => {
      const advanced = Object.entries(offsets).filter(([key, offset]) => offset > (committed.get(key) ?? -1))
      for (const [key, offset] of advanced) committed.set(key, offset)
      return Object.fromEntries(advanced)
    },
    list: (keys) =>
      Object.fromEntries(Array.from(keys, (key) => [key, committed.get(key)] as const).filter(isCommitted))
  }
}

const isCommitted = (entry: readonly [string, number | undefined]): entry is readonly [string, number] =>
  entry[1] !== undefined
