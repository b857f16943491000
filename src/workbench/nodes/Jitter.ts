/**
 * Lets nodes stall: now and then a node's process is not run for some milliseconds, as on a machine with more processes
 * than cores.
 */
import { Duration, Effect, type Random, Schema } from "effect"
import type { NodeHost } from "./NodeHost.ts"

/** How nodes stall. */
export const Jitter = Schema.Struct({
  /** The mean time for which a node is not run: each time between nothing and twice as long. Zero for no jitter. */
  mean: Schema.DurationFromMillis,
  /** The share of the time for which it is not run, above 0 and below 1. */
  share: Schema.Finite
}).pipe(Schema.encodeKeys({ mean: "meanMillis" }))
export interface Jitter extends Schema.Schema.Type<typeof Jitter> {}

/** No jitter, and the share where only the mean is given. */
export const none: Jitter = { mean: Duration.zero, share: 0.05 }

/**
 * The nodes of another host, which are paused for a short time every now and then until their scope closes. A node that
 * is paused from elsewhere as well goes on when both pauses are over.
 */
export const make = (host: NodeHost, { mean, share }: Jitter, random: (node: string) => Random.Random): NodeHost => {
  if (Duration.isZero(mean)) {
    return host
  }
  const meanMillis = Duration.toMillis(mean)
  const meanGapMillis = (meanMillis * (1 - share)) / share
  return {
    start: Effect.fnUntraced(function* (id) {
      const node = yield* host.start(id)
      const { nextDoubleUnsafe } = random(id)
      let pauses = 0
      const pause = Effect.suspend(() => (++pauses === 1 ? node.pause : Effect.void))
      const resume = Effect.suspend(() => (--pauses === 0 ? node.resume : Effect.void))
      const upToTwice = (millis: number) => Effect.suspend(() => Effect.sleep(nextDoubleUnsafe() * 2 * millis))
      const stall = Effect.acquireUseRelease(
        pause,
        () => upToTwice(meanMillis),
        () => resume
      )
      yield* Effect.forkScoped(Effect.forever(Effect.andThen(upToTwice(meanGapMillis), stall)))
      return { ...node, pause, resume }
    })
  }
}
