/**
 * Total order without anybody who gives it: Lamport clocks, and a hold-back queue from which a record is released once
 * nothing can come before it any more.
 *
 * The place of a record is `tick × n + node`, so that each of n nodes gives its own without asking. What a node appends
 * is later than all that it had got before, and everything that it tells promises that what follows is later still.
 * What is before the lowest promise of all nodes has come: the low watermark.
 *
 * After Lamport, "Time, Clocks, and the Ordering of Events in a Distributed System" (1978).
 */
import type { NodeId } from "../../protocol/NodeId.ts"
import type { Origin } from "../../replication/Replication.ts"
import * as Promises from "./Promises.ts"
import { firstFrom } from "./firstFrom.ts"

/** `A` is what is ordered. */
export interface TotalOrder<A> {
  /** The tick of what this node appends next. */
  readonly next: number

  /** Lets this node append nothing before a tick. */
  advance(tick: number): void

  /** Gives something that this node appends to its log its tick, which tells its place: see {@link placeOf}. */
  append(log: Origin, value: A): number

  /** Takes what another node, or an earlier incarnation of this one, has appended at a tick. */
  receive(log: Origin, tick: number, value: A): void

  /** A node has promised in a log that it appends nothing before a tick any more. */
  promise(log: Origin, tick: number): void

  /** These are the present logs of the nodes, and nothing of earlier ones comes any more. */
  settle(logs: ReadonlyArray<Origin>): void

  /**
   * What waits for its turn, and what was promised; and takes both from another node that has all that is before it.
   */
  take(): {
    readonly waiting: ReadonlyArray<readonly [place: number, value: A]>
    readonly promises: ReadonlyArray<Promises.Promised>
  }
  merge(waiting: ReadonlyArray<readonly [place: number, value: A]>, promises: ReadonlyArray<Promises.Promised>): void
}

/** The place of what a node appends at a tick, by the index of the node among `size`. */
export const placeOf = (tick: number, node: number, size: number): number => tick * size + node

export interface Options<A> {
  readonly nodeIds: ReadonlyArray<NodeId>
  readonly self: NodeId
  /** Gets what nothing comes before any more, by rising places. */
  readonly release: (place: number, value: A) => void
}

/** Nothing has been appended. */
export const make = <A>({ nodeIds, release, self }: Options<A>): TotalOrder<A> => {
  const promises = Promises.make()
  /** By rising places. */
  const queue: Array<readonly [place: number, value: A]> = []
  let next = 0
  /** The log that this node appends to. */
  let present: Origin | undefined

  const hold = (place: number, value: A) => {
    const index = firstFrom(queue, place)
    if (queue[index]?.[0] !== place) {
      queue.splice(index, 0, [place, value])
    }
  }

  /** The lowest place that may still be given to something that has not come. */
  const watermark = () => {
    const isSettled = present !== undefined && promises.isSettled(present)
    return Math.min(
      ...nodeIds.map((node, index) =>
        placeOf(node === self && isSettled ? next : promises.of(node), index, nodeIds.length)
      )
    )
  }

  const releaseReady = () => {
    for (const [place, value] of queue.splice(0, firstFrom(queue, watermark()))) {
      release(place, value)
    }
  }

  const promise = (log: Origin, tick: number) => {
    promises.add(log, tick)
    next = Math.max(next, tick)
    releaseReady()
  }

  return {
    get next() {
      return next
    },

    advance: (tick) => {
      next = Math.max(next, tick)
      releaseReady()
    },

    append: (log, value) => {
      const tick = next
      present = log
      hold(placeOf(tick, nodeIds.indexOf(self), nodeIds.length), value)
      promise(log, tick + 1)
      return tick
    },

    receive: (log, tick, value) => {
      hold(placeOf(tick, nodeIds.indexOf(log.node), nodeIds.length), value)
      promise(log, tick + 1)
    },

    promise,

    settle: (logs) => {
      present = logs.find(({ node }) => node === self)
      promises.settle(logs)
      releaseReady()
    },

    take: () => {
      if (present !== undefined) {
        // As true as if it had been told: who gets this state has all that this node appended before.
        promises.add(present, next)
      }
      return { waiting: queue, promises: promises.take() }
    },

    merge: (waiting, taken) => {
      // At the end of the queue mostly, which is quick.
      for (const [place, value] of waiting.toSorted(([a], [b]) => a - b)) {
        hold(place, value)
      }
      for (const promise of taken) {
        promises.merge(promise)
        next = Math.max(next, promise.from)
      }
      releaseReady()
    }
  }
}
