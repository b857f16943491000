/**
 * Flush policies: when a node pushes what is new, at once or in batches. A schedule says how long to wait from the
 * moment when there is something to send.
 */
import { Duration, Effect, Schedule } from "effect"

/** What there is to send: an item of this node's own, or what it has just heard from another node. */
export type News = "own" | "heard"

export interface Flush {
  /** For a node that sends its own items only to few others. */
  readonly leaf: Schedule.Schedule<unknown, News>
  /** For a node that passes on what many others send it: the hub of a star. */
  readonly hub: Schedule.Schedule<unknown, News>
}

/** At once: the lowest latency, a message per item and target. */
export const immediately: Flush = { leaf: Schedule.forever, hub: Schedule.forever }

/** A while after the first item that waits, so that others can join it. */
export const after = (delay: Duration.Input): Flush => ({ leaf: Schedule.spaced(delay), hub: Schedule.spaced(delay) })

/**
 * For a node whose requests wait until a second node has what they wrote (`Durability` `replicated`): its own items
 * leave soon, and what it passes on leaves as it did.
 */
export const promptly = ({ hub }: Flush): Flush => ({ leaf: after("5 millis").leaf, hub })

/**
 * At fixed points of the wall clock, the same at all nodes without a word between them: multiples of `period`, and for
 * the hub of a star when what the others sent has arrived: after the `hop` and a margin that follows how late arrivals
 * have been ({@link margin}). If more arrives in the 50 ms after that, it does not wait for a period: the hub sends a
 * second time. A clock that is off costs latency and nothing else.
 */
export const onGrid = (period: Duration.Input, hop: Duration.Input = "100 millis"): Flush => {
  const periodMillis = Duration.toMillis(period)
  return { leaf: grid(periodMillis), hub: hubGrid(periodMillis, Duration.toMillis(hop)) }
}

const grid = (periodMillis: number): Schedule.Schedule<void> =>
  Schedule.fromStep(Effect.succeed((nowMillis: number) => wait(periodMillis - modulo(nowMillis, periodMillis))))

const hubGrid = (periodMillis: number, hopMillis: number): Schedule.Schedule<void, News> =>
  Schedule.fromStep(
    Effect.sync(() => {
      let marginMillis = initialMarginMillis
      const lateMost = Math.min(hopMillis, periodMillis / 2)
      return (nowMillis: number, news: News) => {
        const sinceDue = modulo(nowMillis - hopMillis, periodMillis)
        const lateMillis = sinceDue < periodMillis / 2 ? sinceDue : sinceDue - periodMillis
        const isArrival = news === "heard" && Math.abs(lateMillis) < lateMost
        if (isArrival) {
          marginMillis = margin(marginMillis, lateMillis)
        }
        const sinceFlush = modulo(sinceDue - marginMillis, periodMillis)
        const isStraggler = isArrival && sinceFlush < stragglerMillis
        return wait((isStraggler ? Math.min(stragglerMillis, periodMillis) : periodMillis) - sinceFlush)
      }
    })
  )

const initialMarginMillis = 15

/**
 * The margin in milliseconds after an arrival that was so late: at once enough for another one like it, and slowly less
 * when arrivals are less late, since it delays everything while a single straggler costs a message to every node. From
 * 5 ms, what timers may be off, to 40 ms.
 */
export const margin = (marginMillis: number, lateMillis: number): number => {
  const enough = Math.min(40, Math.max(5, lateMillis + 5))
  return enough > marginMillis ? enough : marginMillis + (enough - marginMillis) / 256
}

/** How long after its flush the hub sends a second time what has arrived since, a message to every node. */
const stragglerMillis = 50

const wait = (millis: number) => Effect.succeed([undefined, Duration.millis(millis)] as [void, Duration.Duration])

/** From 0 to `period`, also for times before 1970. */
const modulo = (millis: number, periodMillis: number) => ((millis % periodMillis) + periodMillis) % periodMillis
