/**
 * Committed offsets: how far consumers have come in each log.
 */
import { Effect } from "effect"
import type { CommitOffsets, ListCommittedOffsets } from "../../protocol/Kafka.ts"
import type { RpcError } from "../../protocol/RpcError.ts"
import type { HandlersOf } from "../../protocol/Rpcs.ts"

/** Offsets by key. */
export type Offsets = { readonly [key: string]: number }

/** The committed offset of each log: the highest that any consumer has committed. */
export interface CommittedOffsets {
  /** Commits offsets. They only move forward: a lower one than is known changes nothing. Returns what has changed. */
  commit(offsets: Offsets): Offsets

  /** The committed offsets of some logs. Those without one are left out. */
  list(keys: Iterable<string>): Offsets

  /** All committed offsets, each by itself. */
  entries(): ReadonlyArray<Offsets>
}

/** Nothing is committed yet. */
export const make = (): CommittedOffsets => {
  const committed = new Map<string, number>()
  return {
    commit: (offsets) => {
      const advanced = Object.entries(offsets).filter(([key, offset]) => offset > (committed.get(key) ?? -1))
      for (const [key, offset] of advanced) {
        committed.set(key, offset)
      }
      return Object.fromEntries(advanced)
    },
    list: (keys) =>
      Object.fromEntries(Array.from(keys, (key) => [key, committed.get(key)] as const).filter(isCommitted)),
    entries: () => Array.from(committed, ([key, offset]) => ({ [key]: offset }))
  }
}

/** The handlers for committed offsets, which are the same for every kind of log. */
export type Handlers = HandlersOf<typeof CommitOffsets | typeof ListCommittedOffsets>

/** What keeps offsets, as a replicated log does. */
export interface Keeper {
  append(offsets: Offsets): Effect.Effect<unknown>
  readonly durable: Effect.Effect<void, RpcError>
}

/** Handlers over these offsets. `append` gets what each commit has changed, if it has anything. */
export const handlers = (committed: CommittedOffsets, { append, durable }: Keeper): Handlers => ({
  commit_offsets: Effect.fnUntraced(function* ({ offsets }) {
    const advanced = committed.commit(offsets)
    if (Object.keys(advanced).length > 0) {
      yield* append(advanced)
    }
    yield* durable
    return {}
  }),
  list_committed_offsets: ({ keys }) =>
    Effect.suspend(() => {
      const offsets = committed.list(keys)
      return Effect.as(durable, { offsets })
    })
})

const isCommitted = (entry: readonly [string, number | undefined]): entry is readonly [string, number] =>
  entry[1] !== undefined
