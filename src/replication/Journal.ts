/**
 * Keeps a replica on its node's disk: a checkpoint of the state, and the items that came after it, own ones and those
 * of others. A write-ahead log, in that nothing is acknowledged which is not in it.
 */
import { Effect, Schema, type Scope } from "effect"
import { NodeId } from "../protocol/NodeId.ts"
import { Storage } from "../services/Storage.ts"
import { StorageError } from "../services/storage/StorageError.ts"
import type { Origin } from "./Action.ts"
import { Incarnation } from "../services/Incarnation.ts"
import type { Recovered } from "./Recovery.ts"
import { Count, VersionVector } from "./VersionVector.ts"
import * as View from "./View.ts"

/** The state, as its elements, and the logs whose items are in it, as far as the version says. */
const Checkpoint = Schema.Struct({
  /** All nodes of the cluster, in the order in which the view counts them. */
  nodeIds: Schema.Array(NodeId),
  view: View.Written,
  version: VersionVector,
  elements: Schema.Array(Schema.Json)
})
type Checkpoint = typeof Checkpoint.Type

/** Items of the log of a node's incarnation, from the sequence number `first` on. */
const Items = Schema.Struct({
  node: NodeId,
  incarnation: Incarnation,
  first: Count,
  items: Schema.Array(Schema.Json)
})
type Items = typeof Items.Type

const Entry = Schema.Union([Checkpoint, Items])
type Entry = typeof Entry.Type

export interface Journal {
  /** What it held when it was opened: the elements of a state, and what goes with them. Undefined if nothing. */
  readonly recovered: (Recovered & { readonly elements: ReadonlyArray<Schema.Json> }) | undefined

  /** Notes items that were appended to this node's log, or delivered here. */
  append(origin: Origin, first: number, items: ReadonlyArray<Schema.Json>): void

  /** Whether so much has been noted since the last checkpoint that another pays. */
  readonly isLong: boolean

  /**
   * Puts a checkpoint in the place of all that was noted before this call, in the background. Where the disk fails, all
   * that stays, and the next {@link sync} has another one made.
   */
  checkpoint(checkpoint: Omit<Checkpoint, "nodeIds">): Effect.Effect<void>

  /** Completes once everything that was noted is on the disk, and the checkpoint that was asked for. */
  readonly sync: Effect.Effect<void, StorageError>
}

/**
 * Opens the journal of the replicated log called `name`, until the scope closes; `again` makes a checkpoint anew. Fails
 * where the disk does, and where the journal is of other nodes than these.
 */
export const open = Effect.fnUntraced(function* (
  name: string,
  nodeIds: ReadonlyArray<NodeId>,
  again: Effect.Effect<void>
): Effect.fn.Return<Journal, StorageError, Storage | Scope.Scope> {
  const { log, recovered } = yield* (yield* Storage).open(name, Entry)
  if (!recovered.every((entry) => isOf(entry, nodeIds))) {
    return yield* new StorageError({ text: `the log "${name}" on this disk is of a cluster of other nodes` })
  }
  const scope = yield* Effect.scope
  let checkpointed = 0
  /** The checkpoint that was asked for, as long as it is not on the disk: what it holds may be nowhere else there. */
  let owed: Effect.Effect<void, StorageError> | undefined

  const settled = Effect.suspend(() =>
    owed === undefined
      ? Effect.void
      : Effect.catch(owed, () =>
          Effect.andThen(
            again,
            Effect.suspend(() => owed ?? Effect.void)
          )
        )
  )

  return {
    recovered: recovered.length === 0 ? undefined : recover(recovered, nodeIds),
    append: (origin, first, items) => log.append({ ...origin, first, items }),
    get isLong() {
      return owed === undefined && log.length > fewEntries + 2 * checkpointed
    },
    checkpoint: ({ elements, version, view }) => {
      checkpointed = elements.length
      const replaced = log.replace([{ nodeIds, view, version, elements }])
      owed = replaced
      return replaced.pipe(
        Effect.tap(
          Effect.sync(() => {
            owed = owed === replaced ? undefined : owed
          })
        ),
        Effect.catch(({ text }) => Effect.logWarning("Could not write a checkpoint", text)),
        Effect.forkIn(scope),
        Effect.asVoid
      )
    },
    sync: Effect.andThen(settled, log.sync)
  }
})

/** So many entries are read quickly at a start; beyond them, a checkpoint has to be worth its writing. */
const fewEntries = 1_000

const isOf = (entry: Entry, nodeIds: ReadonlyArray<NodeId>): boolean =>
  isCheckpoint(entry)
    ? entry.nodeIds.length === nodeIds.length && entry.nodeIds.every((id, index) => id === nodeIds[index])
    : nodeIds.includes(entry.node)

const recover = (entries: ReadonlyArray<Entry>, nodeIds: ReadonlyArray<NodeId>): Journal["recovered"] => {
  const checkpoint = entries.findLast(isCheckpoint) ?? { view: { logs: [] }, version: [], elements: [] }
  const since = entries.filter((entry) => "items" in entry)
  const base = View.make(checkpoint.view)
  // Items of a log that nobody counts any more make that it is counted again, as they did when they arrived (`View`).
  const logs = since.map(({ incarnation, node }): View.LogId => [nodeIds.indexOf(node), incarnation])
  const view = View.recount(base, logs)
  const runs = since.flatMap(({ first, items }, index): Recovered["runs"] => {
    const position = View.positionOf(view, logs[index]!)
    return position < 0 ? [] : [[position, first, items]]
  })
  const version = View.align(checkpoint.version, base, view, 0)
  return { view: View.write(view), version, runs, elements: checkpoint.elements }
}

const isCheckpoint = (entry: Entry): entry is Checkpoint => "elements" in entry
