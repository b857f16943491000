/**
 * Records a history while the test goes on.
 */
import type { Timeline } from "../simulation/Timeline.ts"
import type { Operation } from "./Operation.ts"

/** An entry before it has its place in the history. */
export type Entry = Omit<Operation, "index" | "time"> & { readonly [key: string]: unknown }

/** A history that is being written, by clients and the nemesis of one test. */
export interface Recorder {
  /** Adds an entry at the present time and returns it. */
  record(entry: Entry): Operation
  readonly history: ReadonlyArray<Operation>
}

/** Starts an empty history, whose time 0 is now. */
export const make = (timeline: Timeline): Recorder => {
  const history: Array<Operation> = []
  const originNanos = timeline.nowNanos()
  return {
    history,
    record: (entry) => {
      const operation = {
        index: history.length,
        time: Math.round(timeline.nowNanos() - originNanos),
        ...entry
      } as Operation
      history.push(operation)
      return operation
    }
  }
}
