/**
 * Eager push: sends what is new along the topology, unasked, when the flush policy says so. What it loses, anti-entropy
 * finds.
 */
import { Clock, Duration, Effect, FiberSet, Schedule, type Scope } from "effect"
import type { Flush, News } from "./Flush.ts"
import type { Replica } from "./Replica.ts"
import * as VersionVector from "./VersionVector.ts"

export interface EagerPush {
  /** There is something new: it is sent at once or with what else there is at the time. */
  schedule(news: News): Effect.Effect<void>
  /** Sends all that was not sent before. */
  readonly now: Effect.Effect<void>
}

/**
 * Calls `publish` before it sends, and runs `onPush` when it has sent anything that others may not have yet. What is
 * scheduled does not happen after the scope has closed.
 */
export const make = Effect.fnUntraced(function* (
  { indexOf, known, log, pushed, repair, role, self, send }: Replica,
  flush: Flush,
  { onPush, publish }: { readonly publish: () => void; readonly onPush: Effect.Effect<void> }
): Effect.fn.Return<EagerPush, never, Scope.Scope> {
  const now = Effect.suspend(() => {
    const { relays, targets } = role()
    const before = [...pushed]
    publish()
    VersionVector.merge(pushed, log.version)
    const sends = targets.flatMap((target) => {
      const index = indexOf(target)
      if (index === undefined || index === self) {
        return []
      }
      const lacking = [...before]
      VersionVector.merge(lacking, known[index]!)
      const entries = log.since(lacking, repair.maxItems, (origin) => origin !== index && (relays || origin === self))
      // Where nodes relay, not every one hears from every other. Who has one neighbour has nothing to tell it.
      return entries.length === 0 ? [] : [send(target, { entries, tellStable: relays && targets.length > 1 })]
    })
    const isNew = sends.length > 0 || pushed[self]! > before[self]!
    return !isNew ? Effect.void : Effect.andThen(Effect.all(sends, { discard: true }), onPush)
  })

  const flushes = yield* FiberSet.make<void>()
  const next = { leaf: yield* Schedule.toStep(flush.leaf), hub: yield* Schedule.toStep(flush.hub) }
  let dueMillis = Number.POSITIVE_INFINITY
  const later = Effect.andThen(
    takeInArrivals,
    Effect.suspend(() => {
      dueMillis = Number.POSITIVE_INFINITY
      return now
    })
  )

  const schedule = Effect.fnUntraced(function* (news: News) {
    const { relays, targets } = role()
    // Who has nobody to send to will be asked.
    if (targets.length === 0) {
      return yield* now
    }
    const step = next[relays && targets.length > 1 ? "hub" : "leaf"]
    const nowMillis = yield* Clock.currentTimeMillis
    const [, delay] = yield* Effect.orDie(step(nowMillis, news))
    if (Duration.isZero(delay)) {
      return yield* now
    }
    // A later flush that is scheduled already stays, and sends what is new by then.
    const due = nowMillis + Duration.toMillis(delay)
    if (due < dueMillis) {
      dueMillis = due
      yield* FiberSet.run(flushes, Effect.delay(later, delay))
    }
  })

  return { schedule, now }
})

/**
 * A turn of the event loop. A process that was not run for a while runs the timers that have ended meanwhile before it
 * reads what has arrived, which would then miss the flush.
 */
const takeInArrivals = Effect.yieldNow
