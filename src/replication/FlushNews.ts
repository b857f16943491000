/**
 * What a node says with a flush besides what was appended: what the application has to say, and which view it is in.
 */
import type { Origin } from "./Action.ts"
import type { AtFlush } from "./Application.ts"
import type { Replica } from "./Replica.ts"

export interface FlushNews<A> {
  /** Whether there is something to say. */
  isWanted(): boolean
  /** What there is to say with a flush that is about to be, if there is anything. */
  take(): ReadonlyArray<A>
}

/** Nothing was said yet. `log` is the one that this node appends to. */
export const make = <A>(atFlush: AtFlush<A> | undefined, replica: Replica, log: () => Origin): FlushNews<A> => {
  if (atFlush === undefined) {
    return { isWanted: () => false, take: () => [] }
  }
  /** A view that this node has told, and with how many flushes. */
  let told = { view: "", times: 0 }

  /**
   * A node that has gone over to another view says so, that all soon find out that they are in the same, and their logs
   * are settled. Some times, since a message that was under way from before makes a round uneven (`Stability`).
   */
  const isWanted = () => told.view !== replica.view.text || told.times < timesToTellView || atFlush.isWanted(log())

  return {
    isWanted,
    take: () => {
      const items = isWanted() ? [atFlush.make(log())] : []
      const { text } = replica.view
      told = { view: text, times: told.view === text ? told.times + 1 : 1 }
      return items
    }
  }
}

const timesToTellView = 3
