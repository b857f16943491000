/**
 * File of a simulated disk: what is on the platter, and what was written since and is in the page cache alone.
 */
import type { Random } from "effect"
import * as Draw from "../simulation/Draw.ts"

/** A file that loses what was not synced. */
export interface SimulatedFile {
  /** What it holds as far as its reader can tell. */
  read(): Uint8Array
  /** Writes at its end. */
  append(bytes: Uint8Array): void
  truncate(size: number): void
  /** How many changes are in the page cache alone. */
  unsynced(): number
  /** Brings the first of them to the platter. */
  sync(changes: number): void
  /**
   * Loses the page cache: some first changes came to the platter by chance, of the next one a part, and of the others
   * nothing.
   */
  lose(random: Random.Random): void
}

/** An empty file. */
export const make = (): SimulatedFile => {
  const platter = makeBytes()
  const changes: Array<Change> = []
  let size = 0

  const sync = (count: number) => {
    for (const change of changes.splice(0, count)) {
      apply(platter, change)
    }
  }
  const change = (one: Change) => {
    changes.push(one)
    size = one.size
  }

  return {
    read: () => {
      const cache = makeBytes(platter.get())
      for (const one of changes) {
        apply(cache, one)
      }
      return cache.get()
    },
    append: (bytes) => change({ at: size, bytes: bytes.slice(), size: size + bytes.length }),
    truncate: (to) => change({ at: to, bytes: nothing, size: to }),
    unsynced: () => changes.length,
    sync,
    lose: (random) => {
      if (changes.length > 0) {
        sync(Draw.integerBelow(random, changes.length + 1))
        const [next] = changes
        if (next !== undefined) {
          apply(platter, torn(next, random))
        }
        changes.length = 0
      }
      size = platter.length
    }
  }
}

/** Bytes from `at` on, and the size that the file has then. */
interface Change {
  readonly at: number
  readonly bytes: Uint8Array
  readonly size: number
}

/** A part of a change; the file may have grown already by all of it, and then ends in zeros. */
const torn = ({ at, bytes, size }: Change, random: Random.Random): Change => {
  const part = bytes.subarray(0, Draw.integerBelow(random, bytes.length + 1))
  return { at, bytes: part, size: Draw.chance(random, 0.5) ? at + part.length : size }
}

const apply = (to: Bytes, { at, bytes, size }: Change) => {
  to.resize(size)
  to.set(at, bytes)
}

const nothing = new Uint8Array(0)

interface Bytes {
  readonly length: number
  get(): Uint8Array
  /** Makes them as many, with zeros where there were none. */
  resize(length: number): void
  set(at: number, bytes: Uint8Array): void
}

const makeBytes = (initial: Uint8Array = nothing): Bytes => {
  let buffer = initial.slice()
  let length = initial.length
  return {
    get length() {
      return length
    },
    get: () => buffer.slice(0, length),
    resize: (to) => {
      if (to > buffer.length) {
        const grown = new Uint8Array(Math.max(to, 2 * buffer.length))
        grown.set(buffer.subarray(0, length))
        buffer = grown
      }
      buffer.fill(0, Math.min(length, to), Math.max(length, to))
      length = to
    },
    set: (at, bytes) => buffer.set(bytes, at)
  }
}
