/**
 * A binary-heap priority queue of events, soonest first.
 *
 * Effect's own (`TxPriorityQueue`) is transactional, and a simulation does nothing as often as this.
 */

/** Something that happens at an instant, unless it is cancelled first. */
export interface Event {
  readonly atNanos: number
  /** Breaks ties: events of one instant happen in the order in which they were added. */
  readonly order: number
  /** `undefined` once it is cancelled. */
  run: (() => void) | undefined
}

/** What is still to happen. Adding and taking cost O(log n). */
export interface EventQueue {
  add(atNanos: number, run: () => void): Event
  /** Takes the soonest event that is not cancelled. */
  take(): Event | undefined
}

/** Starts with nothing to happen. */
export const make = (): EventQueue => {
  const heap: Array<Event> = []
  let added = 0

  const up = (event: Event) => {
    let index = heap.length
    heap.push(event)
    while (index > 0) {
      const parent = (index - 1) >> 1
      if (!isBefore(event, heap[parent]!)) {
        break
      }
      heap[index] = heap[parent]!
      index = parent
    }
    heap[index] = event
  }

  const down = (event: Event) => {
    const { length } = heap
    let index = 0
    for (;;) {
      let child = 2 * index + 1
      if (child >= length) {
        break
      }
      if (child + 1 < length && isBefore(heap[child + 1]!, heap[child]!)) {
        child += 1
      }
      if (!isBefore(heap[child]!, event)) {
        break
      }
      heap[index] = heap[child]!
      index = child
    }
    heap[index] = event
  }

  const takeAny = (): Event | undefined => {
    const first = heap[0]
    const last = heap.pop()
    if (last !== undefined && heap.length > 0) {
      down(last)
    }
    return first
  }

  return {
    add: (atNanos, run) => {
      const event = { atNanos, order: added++, run }
      up(event)
      return event
    },
    take: () => {
      let event = takeAny()
      while (event !== undefined && event.run === undefined) {
        event = takeAny()
      }
      return event
    }
  }
}

const isBefore = (a: Event, b: Event) => a.atNanos < b.atNanos || (a.atNanos === b.atNanos && a.order < b.order)
