/**
 * Anti-entropy and rumour mongering: finds out what this node lacks, and what others do, by comparing version vectors.
 *
 * After Demers et al., "Epidemic Algorithms for Replicated Database Maintenance" (1987), push and pull in one: who is
 * asked answers with what the other lacks, and asks back where it lacks something itself.
 */
import { Clock, Effect, FiberHandle, FiberMap, Schedule, type Scope } from "effect"
import type { NodeId } from "../protocol/NodeId.ts"
import type { Replica } from "./Replica.ts"
import * as VersionVector from "./VersionVector.ts"

export interface AntiEntropy {
  /** Nothing is new from now on: compares with random nodes on the quiet schedule, which begins anew. */
  readonly whenQuiet: Effect.Effect<void>
  /**
   * Something was missing here, so that others are likely to have missed it too: a hot rumour, and this node is
   * infective. It compares soon with some random nodes, and again as long as the {@link feedback} is that they lacked
   * it; then it has lost interest (Demers' variant with feedback), and the rumour ends.
   */
  readonly mongerRumour: Effect.Effect<void>
  /** Another node, which had `have`, was given what it lacked: if the rumour was part of that, it is still hot. */
  feedback(have: VersionVector.VersionVector): Effect.Effect<void>
  /** Asks `peer` soon, unless what this node lacks has arrived by then. */
  fetchFrom(peer: NodeId): Effect.Effect<void>
}

/** Does nothing before it is told to, and nothing after the scope has closed. */
export const make = Effect.fnUntraced(function* ({
  ask,
  askOneOf,
  indexOf,
  lags,
  log,
  peers,
  repair
}: Replica): Effect.fn.Return<AntiEntropy, never, Scope.Scope> {
  const fetching = yield* FiberMap.make<NodeId>()
  const mongering = yield* FiberHandle.make()
  const comparing = yield* FiberHandle.make()
  const compare = askOneOf(peers, "difference")
  // Not one of `Timers`, which run until their scope closes: this one begins anew with every piece of news.
  const begin = FiberHandle.run(comparing, Effect.schedule(compare, Schedule.jittered(repair.quiet)))
  // Passed on to one node at a time, a rumour dies out early in a large cluster: soon most of those that are met know
  // it. With ln n + c contacts per node everyone is reached almost surely (Kermarrec et al., "Probabilistic Reliable
  // Dissemination in Large-Scale Systems", 2003). log2(n) / 2 is seven tenths of that, and enough here: whoever finds a
  // node that lacks it makes as many contacts again, and the quiet schedule finds the rest. One up to 15 peers, two up
  // to 63.
  const fanout = Math.max(1, Math.floor(Math.log2(peers.length) / 2))
  const compareWithSome = Effect.repeat(compare, { times: fanout - 1 })
  const compareSoon = FiberHandle.run(mongering, Effect.delay(compareWithSome, repair.gapAfter), {
    onlyIfMissing: true
  })
  /** What this node had when something was last found to have been missing here. */
  const rumour = [...log.version]
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

    mongerRumour: Effect.suspend(() => {
      VersionVector.merge(rumour, log.version)
      return Effect.andThen(whenQuiet, compareSoon)
    }),

    feedback: (have) => (VersionVector.isAhead(rumour, have) ? compareSoon : Effect.void),

    fetchFrom: (peer) =>
      Effect.suspend(() => (lags(indexOf(peer)!) ? ask(peer, "difference") : Effect.void)).pipe(
        Effect.delay(repair.gapAfter),
        FiberMap.run(fetching, peer, { onlyIfMissing: true })
      )
  }
})

/** The shortest time after which the quiet schedule begins anew: a fraction of its first delay. */
const restartNanos = 500_000_000n
