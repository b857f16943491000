/**
 * Receives messages as Maelstrom does: one at a time for each destination, and waiting in place for one that is not
 * due.
 *
 * After `maelstrom.net/recv!` and the thread that calls it for each node, service and client.
 */
import type { NodeId } from "../../protocol/NodeId.ts"
import * as EventQueue from "../simulation/EventQueue.ts"
import type { Timeline } from "../simulation/Timeline.ts"

/** A message on its way to the receiver. */
export interface Arrival {
  readonly src: NodeId
  /** When the message is due, on the timeline. */
  readonly dueNanos: number
  /** Hands it to its destination. */
  readonly deliver: () => void
}

/** The receiver of one destination. */
export interface WaitingReceiver {
  /** A message has been sent. What was added first is taken first among those that are due at the same time. */
  add(arrival: Arrival): void
}

/**
 * A receiver with nothing under way. Over and over it takes the message that is due first among those that have been
 * sent by then; drops it if its source is cut off at that moment, whenever it is due; else waits until it is due, and
 * delivers it. Nothing that is sent meanwhile gets past the message that it waits for, even if it is due earlier.
 */
export const make = (timeline: Timeline, isCutOff: (src: NodeId) => boolean): WaitingReceiver => {
  const queue = EventQueue.make()
  /** How many messages are in the queue or in the receiver's hand. */
  let underWay = 0

  const take = () => queue.take()!.run!()

  const done = () => {
    if (--underWay > 0) {
      timeline.after(0, take)
    }
  }

  const onTaken = ({ deliver, dueNanos, src }: Arrival) => {
    if (isCutOff(src)) {
      return done()
    }
    const arrive = () => {
      deliver()
      done()
    }
    const delayNanos = dueNanos - timeline.nowNanos()
    return delayNanos > 0 ? timeline.after(delayNanos, arrive) : arrive()
  }

  return {
    add: (arrival) => {
      queue.add(arrival.dueNanos, () => onTaken(arrival))
      if (++underWay === 1) {
        timeline.after(0, take)
      }
    }
  }
}
