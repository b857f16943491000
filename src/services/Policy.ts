/**
 * Timeouts and retries: the defaults, in one place, each replaceable by a Layer.
 *
 * ```ts
 * Layer.succeed(Policy.RpcTimeout, Duration.millis(200))
 * ```
 */
import { Context, Duration, Effect, Schedule } from "effect"
import type { RpcError } from "../protocol/RpcError.ts"

/**
 * How long a call waits for its reply before it fails with `Timeout`. Ten round trips on the slowest network of the
 * challenges (100 ms per hop) with room to spare, and well below the 5 s after which Maelstrom's clients give up.
 */
export const RpcTimeout = Context.Reference<Duration.Duration>("glomers/services/Policy/RpcTimeout", {
  defaultValue: () => Duration.seconds(1)
})

/**
 * When to repeat a call that has no effect of its own, such as a read, after it went unanswered or was refused for now.
 * It ends before a client's 5 s do.
 */
export const ReadRetry = Context.Reference<Schedule.Schedule<unknown, RpcError>>("glomers/services/Policy/ReadRetry", {
  defaultValue: () =>
    Schedule.exponential("10 millis").pipe(
      Schedule.jittered,
      Schedule.upTo({ duration: "3 seconds" }),
      Schedule.setInputType<RpcError>(),
      Schedule.while(({ input }) => input._tag === "Timeout" || input._tag === "TemporarilyUnavailable")
    )
})

/** What a compare-and-set fails with when somebody came in between, or when the store cannot be written for now. */
const contention: ReadonlySet<RpcError["_tag"]> = new Set([
  "PreconditionFailed",
  "KeyAlreadyExists",
  "KeyDoesNotExist",
  "TemporarilyUnavailable",
  "TxnConflict"
])

/**
 * When to repeat a read–modify–compare-and-set whose compare-and-set certainly did not happen. Backs off from 1 ms to
 * at most 100 ms, with jitter, so that writers who collided once do not collide again.
 */
export const UpdateRetry = Context.Reference<Schedule.Schedule<unknown, RpcError>>(
  "glomers/services/Policy/UpdateRetry",
  {
    defaultValue: () =>
      Schedule.min([Schedule.exponential("1 millis"), Schedule.spaced("100 millis")]).pipe(
        Schedule.jittered,
        Schedule.upTo({ duration: "4 seconds" }),
        Schedule.setInputType<RpcError>(),
        Schedule.while(({ input }) => contention.has(input._tag))
      )
  }
)

/** When {@link retryForever} repeats a call: it never gives up, and never waits longer than half a second. */
export const RetryForever = Context.Reference<Schedule.Schedule<unknown, RpcError>>(
  "glomers/services/Policy/RetryForever",
  {
    defaultValue: () =>
      Schedule.min([Schedule.exponential("20 millis"), Schedule.spaced("500 millis")]).pipe(
        Schedule.jittered,
        Schedule.setInputType<RpcError>()
      )
  }
)

/**
 * Repeats an idempotent call until it succeeds, whatever goes wrong meanwhile. It may take place several times, also
 * after its caller has been told that it failed, so that it must be one that says the same each time: a write of a
 * value that nobody else writes, a read.
 */
export const retryForever = <A, R>(effect: Effect.Effect<A, RpcError, R>): Effect.Effect<A, RpcError, R> =>
  Effect.flatMap(RetryForever, (schedule) => Effect.retry(effect, schedule))

/**
 * How long a request waits until what it wrote is as safe as `Durability` says, before it fails with `Timeout`: not
 * longer than Maelstrom's clients wait for an answer.
 */
export const DurableTimeout = Context.Reference<Duration.Duration>("glomers/services/Policy/DurableTimeout", {
  defaultValue: () => Duration.seconds(4)
})

/** How long a node that is told to stop waits for the requests it is still working on. */
export const ShutdownGrace = Context.Reference<Duration.Duration>("glomers/services/Policy/ShutdownGrace", {
  defaultValue: () => Duration.millis(50)
})
