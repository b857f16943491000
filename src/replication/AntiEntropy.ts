/**
 * Finds out what this node lacks by comparing versions with others.
 */
import { Clock, Effect, FiberHandle, FiberMap, Schedule, type Scope } from "effect"
import type { NodeId } from "../protocol/NodeId.ts"
import type { Replica } from "./Replica.ts"
import * as VersionVector from "./VersionVector.ts"

export interface Comparison {
  /** Nothing is new from now on: compares with random nodes on the quiet schedule, which begins anew. */
  readonly whenQuiet: Effect.Effect<void>
  /**
   * Something was missed here, so that others may have missed it too: compares soon with some of them, and goes on as long
   * as {@link gave} finds that they have. A rumour spreads, and ends, that way, as in Demers et al.
   */
  readonly spread: Effect.Effect<void>
  /** Another node, which had `have`, was given what it lacked. */
  gave(have: VersionVector.VersionVector): Effect.Effect<void>
  /** Asks `peer` soon, unless what this node lacks has arrived by then. */
  fetchFrom(peer: NodeId): Effect.Effect<void>
}

/** Does nothing before it is told to, and nothing after the scope has closed. */
export const make = Effect.fnUntraced(function* ({
  ask,
  askOneOf,
  lags,
  log,
  peers,
  placeOf,
  repair
}: Replica): Effect.fn.Return<Comparison, never, Scope.Scope> {
  const fetching = yield* FiberMap.make<NodeId>()
  const spreading = yield* FiberHandle.make()
  const comparing = yield* FiberHandle.make()
  const compare = askOneOf(peers, "difference")
  const begin = FiberHandle.run(comparing, Effect.schedule(compare, Schedule.jittered(repair.quiet)))
  // So that a rumour does not die out early in a large cluster.
  const fanout = Math.max(1, Math.floor(Math.log2(peers.length) / 2))
  const compareWithSome = Effect.repeat(compare, { times: fanout - 1 })
  const compareSoon = FiberHandle.run(spreading, Effect.delay(compareWithSome, repair.gapAfter), {
    onlyIfMissing: true
  })
  /** What was known here when something was found to have been missed. */
  const missed = [...log.version]
  let quietSinceNanos: bigint | undefined

  // Under load there is news all the time, and now and then is often enough to begin anew.
  const whenQuiet = Effect.flatMap(Clock.monotonicTimeNanos, (now) => {
    if (quietSinceNanos !== undefined && now - quietSinceNanos < restartNanos) {
      return Effect.void
    }
    quietSinceNanos = now
    return begin
  })

  return {
    whenQuiet,

    spread: Effect.suspend(() => {
      VersionVector.merge(missed, log.version)
      return Effect.andThen(whenQuiet, compareSoon)
    }),

    gave: (have) => (VersionVector.isAhead(missed, have) ? compareSoon : Effect.void),

    fetchFrom: (peer) =>
      Effect.suspend(() => (lags(placeOf(peer)!) ? ask(peer, "difference") : Effect.void)).pipe(
        Effect.delay(repair.gapAfter),
        FiberMap.run(fetching, peer, { onlyIfMissing: true })
      )
  }
})

const restartNanos = 500_000_000n
