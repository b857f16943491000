/**
 * Keeps a replica on its node's disk: a checkpoint of the state, and the items that came after it, own ones and those
 * of others. A write-ahead log, in that nothing is acknowledged which is not in it.
 */
import { Effect, Schema, type Scope } from "effect"
import { NodeId } from "../protocol/NodeId.ts"
import { Storage } from "../services/Storage.ts"
import type { StorageError } from "../services/storage/StorageError.ts"
import type { Origin } from "./Action.ts"
import { Incarnation } from "../services/Incarnation.ts"
import type { Recovered } from "./Recovery.ts"
import { VersionVector } from "./VersionVector.ts"
import * as View from "./View.ts"

/** The state, as its elements, and the logs whose items are in it, as far as the version says. */
const Checkpoint = Schema.Struct({
  view: View.Written,
  version: VersionVector,
  elements: Schema.Array(Schema.Json)
})
export type Checkpoint = typeof Checkpoint.Type

/** Items that come next in the log of a node's incarnation. */
const Items = Schema.Struct({ node: NodeId, incarnation: Incarnation, items: Schema.Array(Schema.Json) })
type Items = typeof Items.Type

const Entry = Schema.Union([Checkpoint, Items])
type Entry = typeof Entry.Type

export interface Journal {
  /** What it held when it was opened: the elements of a state, and what goes with them. Undefined if nothing. */
  readonly recovered: (Recovered & { readonly elements: ReadonlyArray<Schema.Json> }) | undefined

  /** Notes items that were appended to this node's log, or delivered here. */
  append(origin: Origin, items: ReadonlyArray<Schema.Json>): void

  /** Whether so much has been noted since the last checkpoint that another pays. */
  readonly isLong: boolean

  /**
   * Puts a checkpoint in the place of all that was noted before this call, in the background. Where the disk fails, all
   * that stays.
   */
  checkpoint(checkpoint: Checkpoint): Effect.Effect<void>

  /** Completes once everything that was noted is on the disk. */
  readonly sync: Effect.Effect<void, StorageError>
}

/** Opens the journal of the replicated log called `name`, until the scope closes. */
export const open = Effect.fnUntraced(function* (
  name: string,
  nodeIds: ReadonlyArray<NodeId>
): Effect.fn.Return<Journal, StorageError, Storage | Scope.Scope> {
  const { log, recovered } = yield* (yield* Storage).open(name, Entry)
  const scope = yield* Effect.scope
  let checkpointed = 0
  let isReplacing = false
  return {
    recovered: recovered.length === 0 ? undefined : recover(recovered, nodeIds),
    append: (origin, items) => log.append({ ...origin, items }),
    get isLong() {
      return !isReplacing && log.length > fewEntries + 2 * checkpointed
    },
    checkpoint: ({ elements, version, view }) => {
      checkpointed = elements.length
      isReplacing = true
      return log.replace([{ elements, version, view }]).pipe(
        Effect.catch(({ text }) => Effect.logWarning("Could not write a checkpoint", text)),
        Effect.ensuring(
          Effect.sync(() => {
            isReplacing = false
          })
        ),
        // What was noted before is to be taken before anything else is noted.
        Effect.forkIn(scope, { startImmediately: true }),
        Effect.asVoid
      )
    },
    sync: log.sync
  }
})

/** So many entries are read quickly at a start; beyond them, a checkpoint has to be worth its writing. */
const fewEntries = 1_000

const recover = (entries: ReadonlyArray<Entry>, nodeIds: ReadonlyArray<NodeId>): Journal["recovered"] => {
  const checkpoint = entries.findLast(isCheckpoint) ?? { view: { logs: [] }, version: [], elements: [] }
  const since = entries.slice(entries.indexOf(checkpoint) + 1).filter((entry) => "items" in entry)
  const base = View.make(checkpoint.view)
  // Items of a log that nobody counts any more make that it is counted again, as they did when they arrived (`View`).
  const logs = since.map(({ incarnation, node }): View.LogId => [nodeIds.indexOf(node), incarnation])
  const view = View.recount(base, logs)
  const counts = View.align(checkpoint.version, base, view, 0)
  const version = [...counts]
  const runs = since.flatMap(({ items }, index): Recovered["runs"] => {
    const position = View.positionOf(view, logs[index]!)
    if (position < 0) {
      return []
    }
    const first = counts[position]!
    counts[position] = first + items.length
    return [[position, first, items]]
  })
  return { view: View.write(view), version, runs, elements: checkpoint.elements }
}

const isCheckpoint = (entry: Entry): entry is Checkpoint => "elements" in entry
