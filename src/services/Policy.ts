/**
 * Timeouts and retries: the defaults, in one place, each replaceable by a Layer.
 *
 * ```ts
 * Layer.succeed(Policy.RpcTimeout, Duration.millis(200))
 * ```
 */
import { Context, Duration, Effect, Schedule } from "effect"
import { type RpcError, Timeout } from "../protocol/RpcError.ts"
import type { Level } from "./Durability.ts"
import { StorageError } from "./storage/StorageError.ts"

/**
 * How long a call waits for its reply before it fails with `Timeout`. That is two round trips at a second a hop, the
 * slowest network that nodes have to work on, and below the 5 s after which Maelstrom's clients give up, so that a
 * client still hears what became of its request.
 */
export const RpcTimeout = Context.Reference<Duration.Duration>("glomers/services/Policy/RpcTimeout", {
  defaultValue: () => Duration.seconds(4)
})

/**
 * When the request of an {@link idempotent} call is sent again while its reply fails to come. No sooner than after a
 * round trip at 100 ms a hop, the slowest network of the challenges, so that it costs messages there only where some
 * are lost; and often enough that three calls in a row succeed within 10 s where 30 % are.
 */
export const Resend = Context.Reference<Schedule.Schedule<unknown>>("glomers/services/Policy/Resend", {
  defaultValue: () => Schedule.jittered(Schedule.spaced("300 millis"))
})

/** Whether calls may take place several times, see {@link idempotent}. */
export const Idempotent = Context.Reference<boolean>("glomers/services/Policy/Idempotent", {
  defaultValue: () => false
})

/**
 * Lets the requests of all calls in an effect be sent again, under {@link Resend}, until there is a reply: to any of
 * them, however late it comes. Each may then take place several times, also after the first reply, as it may where the
 * network repeats messages. So it must be one that says the same each time; and where it may be refused because it has
 * taken place before, as a compare-and-set may, the refusal proves nothing.
 */
export const idempotent = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.provideService(effect, Idempotent, true)

/** When to repeat a call that has no effect of its own, such as a read, after it was refused for now. */
export const ReadRetry = Context.Reference<Schedule.Schedule<unknown, RpcError>>("glomers/services/Policy/ReadRetry", {
  defaultValue: () =>
    Schedule.exponential("10 millis").pipe(
      Schedule.jittered,
      Schedule.upTo({ duration: "3 seconds" }),
      Schedule.setInputType<RpcError>(),
      Schedule.while(({ input }) => input._tag === "TemporarilyUnavailable")
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

/** When {@link retryForever} repeats a call that failed: it never gives up, and waits half a second at most. */
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
 * Repeats {@link idempotent} calls until they succeed, whatever goes wrong meanwhile. An unanswered one is not given
 * up: its request is sent again, and a reply to any of its requests will do, so that it ends however slow the network
 * is.
 */
export const retryForever = <A, R>(effect: Effect.Effect<A, RpcError, R>): Effect.Effect<A, RpcError, R> =>
  Effect.flatMap(RetryForever, (schedule) =>
    Effect.retry(Effect.provideService(idempotent(effect), RpcTimeout, Duration.infinity), schedule)
  )

/**
 * How long a request waits until what it wrote is as safe as `Durability` says, before it fails with `Timeout`: not
 * longer than Maelstrom's clients wait for an answer.
 *
 * @public
 */
export const DurableTimeout = Context.Reference<Duration.Duration>("glomers/services/Policy/DurableTimeout", {
  defaultValue: () => Duration.seconds(4)
})

/**
 * What a request waits with until its node's state is as safe as a level says: a wait that fails with `Timeout` after
 * {@link DurableTimeout}, and with `Crash` where the disk fails.
 */
export const durably = (level: Level) =>
  Effect.map(
    DurableTimeout,
    (duration) =>
      (wait: Effect.Effect<void, StorageError>): Effect.Effect<void, RpcError> =>
        wait.pipe(
          Effect.mapError(StorageError.toCrash),
          Effect.timeoutOrElse({
            duration,
            orElse: () => Effect.fail(new Timeout({ text: `it is not ${level} yet` }))
          })
        )
  )

/** How long a node that is told to stop waits for the requests it is still working on. */
export const ShutdownGrace = Context.Reference<Duration.Duration>("glomers/services/Policy/ShutdownGrace", {
  defaultValue: () => Duration.millis(50)
})
