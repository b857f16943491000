/**
 * The state that replicated items add up to, as whoever uses replication keeps it: takes items and snapshots as they go
 * over the wire, and hands them over decoded.
 */
import { Cause, Effect, Exit, Schema } from "effect"
import { explain } from "../protocol/Malformed.ts"
import type { Origin } from "./Action.ts"

/** How the state that items add up to is handed to a node that lacks items which are no longer kept. */
export interface Snapshots<S> {
  /** An element of the state: a small part of it, such as one value, one register, one total. */
  readonly element: Schema.Codec<S, Schema.Json>
  /** The whole state, with all that was delivered and appended here. */
  readonly take: () => ReadonlyArray<S>
  /**
   * Merges a state into this node's. What is in both must count once, and what is older than this node's must change
   * nothing: the state is a join semilattice.
   */
  readonly merge: (elements: ReadonlyArray<S>) => void
}

export interface Application<A, S> {
  /** What is replicated, and how it is written. What another node has written otherwise is logged and left out. */
  readonly item: Schema.Codec<A, Schema.Json>
  /**
   * Takes the items of other nodes, and those that this node appended before it restarted: of each log in the order in
   * which they were appended, every one once. It must not wait, so that this order holds. A text that it returns says
   * why an item cannot be true and was left out, and is logged.
   */
  readonly deliver: (item: A, origin: Origin) => unknown
  /** How to give and take the state. If left out, all items are kept for good, since nothing stands for them. */
  readonly snapshots?: Snapshots<S>
  /** Every node has all of a log, and nothing is appended to it any more. */
  readonly retire?: (origin: Origin) => void
  /**
   * All nodes know that these are their present logs, one of each node, and have the same of the earlier ones: nothing
   * more of an earlier log comes to anybody. Where a node restarts it is said again, for all. Needs `snapshots`.
   */
  readonly settle?: (logs: ReadonlyArray<Origin>) => void
  /** What this node adds to its log with a flush, besides what is appended. */
  readonly atFlush?: AtFlush<A>
}

/** Something that a node has to say in time, if nothing else says it before. */
export interface AtFlush<A> {
  /** Whether there is something to say in this log as things stand. It is asked after everything that happens. */
  readonly isWanted: (log: Origin) => boolean
  /** Says it. It is asked also where there is nothing new to say but that this node knows of a node's new log. */
  readonly make: (log: Origin) => A
}

/** The same for items and elements as they are written. */
export interface Written<A> {
  encode(item: A): Schema.Json
  /** Delivers items, and logs those that are left out. Delivers at once, also where the effect is never run. */
  deliver(items: ReadonlyArray<Schema.Json>, origin: Origin): Effect.Effect<void>
  take(): ReadonlyArray<Schema.Json>
  /** Why these are no elements of a state; undefined if they are. */
  explain(elements: ReadonlyArray<Schema.Json>): string | undefined
  merge(elements: ReadonlyArray<Schema.Json>): void
}

export const make = <A, S>({ deliver, item, snapshots }: Application<A, S>): Written<A> => {
  const decode = Schema.decodeUnknownExit(item)
  const elements: Schema.Codec<ReadonlyArray<S>, Schema.Json> = Schema.Array(snapshots?.element ?? Schema.Never)
  const decodeElements = Schema.decodeUnknownExit(elements)

  return {
    encode: Schema.encodeUnknownSync(item),

    deliver: (items, origin) => {
      const refusals: Array<Effect.Effect<void>> = []
      for (const json of items) {
        const decoded = decode(json)
        const reason = Exit.isSuccess(decoded) ? deliver(decoded.value, origin) : explain(Cause.squash(decoded.cause))
        if (typeof reason === "string") {
          refusals.push(Effect.logWarning(`Left out an item of ${origin.node}`, reason, json))
        }
      }
      return Effect.all(refusals, { discard: true })
    },

    take: () => Schema.encodeUnknownSync(elements)(snapshots!.take()) as ReadonlyArray<Schema.Json>,

    explain: (written) => {
      const decoded = decodeElements(written)
      return Exit.isSuccess(decoded) ? undefined : explain(Cause.squash(decoded.cause))
    },

    merge: (written) => snapshots?.merge(Schema.decodeUnknownSync(elements)(written))
  }
}
