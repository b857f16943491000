/**
 * Lets nodes stall: now and then a node's process is not run for some milliseconds, as on a machine with more processes
 * than cores.
 */
import { Duration, Effect, type Random, Schema } from "effect"
import type { NodeHost } from "./NodeHost.ts"

/**
 * How long stalls and the times between them are: each between nothing and twice the mean, or all as long as the mean,
 * beginning at some time for each node.
 */
export const distributions = ["uniform", "constant"] as const

/** How nodes stall. */
export const Jitter = Schema.Struct({
  /** The mean time for which a node is not run. Zero for no jitter. */
  mean: Schema.DurationFromMillis,
  /** The share of the time for which it is not run, above 0 and below 1. */
  share: Schema.Finite,
  distribution: Schema.Literals(distributions)
}).pipe(Schema.encodeKeys({ mean: "meanMillis" }))
export interface Jitter extends Schema.Schema.Type<typeof Jitter> {}

/** No jitter, and the rest of it where only the mean is given. */
export const none: Jitter = { mean: Duration.zero, share: 0.05, distribution: "uniform" }

/**
 * The nodes of another host, which are paused for a short time every now and then until their scope closes. A node that
 * is paused from elsewhere as well goes on when both pauses are over.
 */
export const make = (
  host: NodeHost,
  { distribution, mean, share }: Jitter,
  random: (node: string) => Random.Random
): NodeHost => {
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
      const time = (millis: number) => (distribution === "constant" ? Effect.sleep(millis) : upToTwice(millis))
      const stall = Effect.acquireUseRelease(
        pause,
        () => time(meanMillis),
        () => resume
      )
      const stalls = Effect.forever(Effect.andThen(stall, time(meanGapMillis)))
      yield* Effect.forkScoped(Effect.andThen(upToTwice(meanGapMillis), stalls))
      return { ...node, pause, resume }
    })
  }
}
