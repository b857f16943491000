/**
 * How far consumers have come in each log.
 */
import { Effect, Layer } from "effect"
import * as Kafka from "../../protocol/Kafka.ts"
import { Node } from "../../services/Node.ts"

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
      for (const [key, offset] of advanced) {
        committed.set(key, offset)
      }
      return Object.fromEntries(advanced)
    },
    list: (keys) =>
      Object.fromEntries(Array.from(keys, (key) => [key, committed.get(key)] as const).filter(isCommitted))
  }
}

/** Answers commits and questions for committed offsets. `tell` gets what each commit has changed, if it has anything. */
export const serve = (committed: CommittedOffsets, tell: (advanced: Offsets) => Effect.Effect<unknown>) =>
  Layer.mergeAll(
    Node.serve(
      Kafka.CommitOffsets,
      Effect.fnUntraced(function* ({ offsets }) {
        const advanced = committed.commit(offsets)
        if (Object.keys(advanced).length > 0) {
          yield* tell(advanced)
        }
        return {}
      })
    ),
    Node.serve(Kafka.ListCommittedOffsets, ({ keys }) => Effect.sync(() => ({ offsets: committed.list(keys) })))
  )

const isCommitted = (entry: readonly [string, number | undefined]): entry is readonly [string, number] =>
  entry[1] !== undefined
