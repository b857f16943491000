/**
 * Idle faults: those of a run that struck no node and cut no link, so that it was run without them.
 */
import type { History } from "../history/Operation.ts"
import { isStrike } from "./FaultsInForce.ts"

/**
 * The names of faults that began, `partition` among them where each cut nothing between so few nodes, or `crash` where
 * each node that it could have struck was away; each once, in the order in which they first began.
 */
export const idleFaults = (history: History): ReadonlyArray<string> => {
  const begun = history.filter(({ f, process }) => process === "nemesis" && f.startsWith(start))
  const names = new Set(begun.map(({ f }) => f))
  for (const { f, value } of begun) {
    if (isStrike(value)) {
      names.delete(f)
    }
  }
  return Array.from(names, (f) => f.slice(start.length))
}

const start = "start-"
