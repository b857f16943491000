/**
 * Reads and writes of which no two write the same value to the same key.
 *
 * After `elle.txn/wr-txns`: there is a pool of keys, some of which are used much more than others, and a key that was
 * written often enough makes room for a new one, so that long tests do not grow long versions of a few keys. The
 * workloads with transactions and with logs draw their operations from here.
 */
import type { Random } from "effect"
import * as Draw from "../simulation/Draw.ts"

/**
 * What is to be done to a key. Keys count from 0; a key's values are 1, 2, 3, … in the order in which they are drawn.
 */
export type ReadOrWrite =
  | { readonly f: "r"; readonly key: number }
  | { readonly f: "w"; readonly key: number; readonly value: number }

/** How many keys are in use, and for how long. */
export interface Options {
  /** How many keys are in use at any time: 10, unless the test says otherwise. */
  readonly keyCount: number | undefined
  /** How many writes a key sees before a new one takes its place. */
  readonly maxWritesPerKey: number
}

/** A source of reads and writes. */
export interface UniqueWrites {
  /** The next one of an endless sequence. Reads and writes are as likely. */
  next(): ReadOrWrite
}

/** Starts with fresh keys. */
export const make = (random: Random.Random, { keyCount = 10, maxWritesPerKey }: Options): UniqueWrites => {
  const pool = Array.from({ length: keyCount }, (_, key) => ({ key, writes: 0 }))
  let newestKey = keyCount - 1

  return {
    next: () => {
      for (;;) {
        const f = Draw.pick(random, ["r", "w"])
        const index = Draw.exponentialIndex(random, keyCount)
        const entry = pool[index]!
        if (f === "r") {
          return { f, key: entry.key }
        }
        if (entry.writes < maxWritesPerKey) {
          return { f, key: entry.key, value: ++entry.writes }
        }
        // As in Elle both are drawn again, so that reads come out somewhat more often than writes.
        pool[index] = { key: ++newestKey, writes: 0 }
      }
    }
  }
}
