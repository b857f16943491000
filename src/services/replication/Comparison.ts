/**
 * Finds out what this node lacks by comparing versions with others.
 */
import { Clock, Effect, FiberHandle, FiberMap, Schedule, type Scope } from "effect"
import type { NodeId } from "../../protocol/NodeId.ts"
import type { Replica } from "./Replica.ts"

export interface Comparison {
  /** Nothing is new from now on: compares with random nodes on the quiet schedule, which begins anew. */
  readonly whenQuiet: Effect.Effect<void>
  /** As {@link whenQuiet}, but for the first time soon: something was missed here, so that others may have missed it. */
  readonly soon: Effect.Effect<void>
  /** Asks `peer` soon, unless what this node lacks has arrived by then. */
  fetchFrom(peer: NodeId): Effect.Effect<void>
}

/** Does nothing before it is told to, and nothing after the scope has closed. */
export const make = Effect.fnUntraced(function* ({
  ask,
  askOneOf,
  lags,
  peers,
  placeOf,
  repair
}: Replica): Effect.fn.Return<Comparison, never, Scope.Scope> {
  const fetching = yield* FiberMap.make<NodeId>()
  const comparing = yield* FiberHandle.make()
  const compare = askOneOf(peers, "difference")
  const compareAfter = (first: Effect.Effect<void>) =>
    FiberHandle.run(comparing, Effect.andThen(first, Effect.schedule(compare, Schedule.jittered(repair.quiet))))
  const begin = compareAfter(Effect.void)
  let quietSinceNanos: bigint | undefined

  return {
    // Under load there is news all the time, and now and then is often enough to begin anew.
    whenQuiet: Effect.flatMap(Clock.monotonicTimeNanos, (now) => {
      if (quietSinceNanos !== undefined && now - quietSinceNanos < restartNanos) return Effect.void
      quietSinceNanos = now
      return begin
    }),

    soon: compareAfter(Effect.delay(compare, repair.gapAfter)),

    fetchFrom: (peer) =>
      Effect.suspend(() => (lags(placeOf(peer)!) ? ask(peer, "difference") : Effect.void)).pipe(
        Effect.delay(repair.gapAfter),
        FiberMap.run(fetching, peer, { onlyIfMissing: true })
      )
  }
})

const restartNanos = 500_000_000n
