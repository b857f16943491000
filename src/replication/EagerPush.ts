/**
 * Eager push: sends what is new along the topology, unasked, when the flush policy says so. What it loses, anti-entropy
 * finds.
 */
import type { News } from "./Flush.ts"
import * as OwnLog from "./OwnLog.ts"
import { emit, indexOf, oneOf, ownPositions, role, type Replica } from "./Replica.ts"
import { send } from "./Sending.ts"
import * as VersionVector from "./VersionVector.ts"
import * as View from "./View.ts"

/** There is something new: it is sent at once or with what else there is at the time, as the flush policy says. */
export const schedule = (replica: Replica, news: News): void => {
  const { relays, targets } = role(replica)
  replica.armed.add("flush")
  emit(replica, { _tag: "Flush", as: relays && targets.length > 1 ? "hub" : "leaf", news })
}

/** Sends all that was not sent before. Whether there was anything that others may not have yet. */
export const push = (replica: Replica): boolean => {
  const { known, log, settings, view } = replica
  const { relays, targets } = role(replica)
  const before = [...replica.pushed]
  OwnLog.publish(replica)
  if (replica.peers.length === 0 && settings.hasSnapshots) {
    // There is nobody to keep anything for.
    log.truncate(log.version)
  }
  VersionVector.merge(replica.pushed, log.version)
  const own = new Set(ownPositions(replica))
  let isNew = [...own].some((position) => log.version[position]! > before[position]!)
  const asked = isNew && settings.wantsSigns === true && targets.length > 0 ? oneOf(replica, targets) : undefined
  for (const target of targets) {
    const index = indexOf(replica, target)
    const theirs = View.newestOf(view, index)
    const lacking = [...before]
    VersionVector.merge(lacking, known[index]!)
    const entries = log.since(
      lacking,
      settings.maxItems,
      (position) => position !== theirs && (relays || own.has(position))
    )
    if (entries.length > 0) {
      isNew = true
      // Where nodes relay, not every one hears from every other. Who has one neighbour has nothing to tell it.
      send(replica, target, {
        entries,
        tellStable: relays && targets.length > 1,
        ...(target === asked && { ask: "always" as const })
      })
    }
  }
  return isNew
}
