/**
 * Simulates time for a discrete-event simulation: time passes only when nothing is left to do, and whenever every fiber
 * waits, the clock jumps to the next event.
 *
 * One clock and one scheduler carry all fibers of a simulation, so that what happens, and in which order, depends on
 * nothing but the program and its seeds. This is deterministic simulation testing, as FoundationDB
 * (https://apple.github.io/foundationdb/testing.html), TigerBeetle
 * (https://github.com/tigerbeetle/tigerbeetle/blob/main/docs/internals/vopr.md) and Rust's turmoil
 * (https://github.com/tokio-rs/turmoil) do it.
 */
import { Clock, Context, Duration, Effect, Fiber, Layer, Random, Scheduler } from "effect"
import * as EventQueue from "./EventQueue.ts"
import * as MachineClock from "./MachineClock.ts"
import type { Timeline } from "./Timeline.ts"

/** The wall-clock time at which every simulation begins: 2026-01-01T00:00:00Z, in milliseconds. */
export const epochMillis = 1_767_225_600_000

/**
 * A simulation's time, and what runs programs in it. For programs that are to be the same every time, to the byte:
 *
 * ```ts
 * const time = VirtualTime.make()
 * const program = Effect.sleep("30 days").pipe(Effect.provide(time.layer({ random: Seeds.random("7", "test") })))
 * time.run(program) // takes no time
 * ```
 */
export interface VirtualTime extends Timeline {
  /**
   * What a program needs to live in this time: a scheduler that runs fibers in the order in which they became runnable,
   * a clock that tells this time, and the source of all its randomness.
   */
  layer(options: ContextOptions): Layer.Layer<never>

  /**
   * The services of {@link layer}, for a fiber that has no others, such as a node that shares nothing with the test.
   */
  context(options: ContextOptions): Context.Context<never>

  /**
   * Runs an effect, which must have been given {@link layer}, until it is done. Fails as it fails; dies if it waits for
   * what can no longer happen. `onSlice` runs every few thousand events, in the time of whoever runs this.
   */
  run<A, E>(effect: Effect.Effect<A, E>, onSlice?: Effect.Effect<void>): Effect.Effect<A, E>
}

/** A program's source of randomness, and its clock. */
export interface ContextOptions extends ClockOptions {
  readonly random: Random.Random
}

/** How a clock differs from that of the simulation. */
export interface ClockOptions {
  /** The clock of the machine that it lives on, which may be wrong. By default it is right. */
  readonly machine?: MachineClock.MachineClock
  /** Holds what a sleep wakes up, for instance while a process is paused. By default it goes on at once. */
  readonly gate?: (wake: () => void) => void
}

/** Starts at time 0 with nothing to happen. */
export const make = (): VirtualTime => {
  const events = EventQueue.make()
  let nowNanos = 0
  let runnable: Array<() => void> = []
  let next = 0

  const drain = () => {
    while (next < runnable.length) {
      runnable[next++]!()
      if (next === compactAfter) {
        runnable = runnable.slice(next)
        next = 0
      }
    }
    runnable.length = 0
    next = 0
  }

  const dispatcher: Scheduler.SchedulerDispatcher = {
    scheduleTask: (task) => void runnable.push(task),
    flush: drain
  }

  let atThisInstant = 0

  /** Whether anything happened. */
  const step = (): boolean => {
    const event = events.take()
    if (event === undefined) {
      return false
    }
    atThisInstant = event.atNanos === nowNanos ? atThisInstant + 1 : 0
    nowNanos = event.atNanos
    event.run!()
    drain()
    return true
  }

  const after = (delayNanos: number, run: () => void) => events.add(nowNanos + delayNanos, run)

  const clock = ({ gate, machine = MachineClock.make() }: ClockOptions): Clock.Clock => {
    const millis = () => epochMillis + Math.floor(nowNanos / nanosPerMilli + machine.aheadMillis(nowNanos))
    const nanos = () =>
      BigInt(epochMillis) * BigInt(nanosPerMilli) +
      BigInt(Math.round(nowNanos + machine.aheadMillis(nowNanos) * nanosPerMilli))
    const monotonicNanos = () => BigInt(Math.round(machine.monotonicNanos(nowNanos)))
    return {
      currentTimeMillisUnsafe: millis,
      currentTimeMillis: Effect.sync(millis),
      currentTimeNanosUnsafe: nanos,
      currentTimeNanos: Effect.sync(nanos),
      monotonicTimeNanosUnsafe: monotonicNanos,
      monotonicTimeNanos: Effect.sync(monotonicNanos),
      sleep: (duration) => {
        const delayNanos = Duration.toMillis(duration) * nanosPerMilli
        if (delayNanos <= 0) {
          return Effect.yieldNow
        }
        if (!Number.isFinite(delayNanos)) {
          return Effect.never
        }
        return Effect.callback<void>((resume) => {
          const dueNanos = machine.monotonicNanos(nowNanos) + delayNanos
          const wake = () => resume(Effect.void)
          const ring = () => {
            const restNanos = dueNanos - machine.monotonicNanos(nowNanos)
            // A clock that has slowed down meanwhile has some way to go.
            if (restNanos > 1) {
              event = after(restNanos / machine.rate, ring)
            } else if (gate === undefined) {
              wake()
            } else {
              gate(wake)
            }
          }
          let event = after(delayNanos / machine.rate, ring)
          return Effect.sync(() => {
            event.run = undefined
          })
        })
      }
    }
  }

  const scheduler: Scheduler.Scheduler = {
    executionMode: "async",
    shouldYield: (fiber) => budget.shouldYield(fiber),
    makeDispatcher: () => dispatcher
  }

  const context = ({ random, ...options }: ContextOptions): Context.Context<never> =>
    Context.empty().pipe(
      Context.add(Clock.Clock, clock(options)),
      Context.add(Scheduler.Scheduler, scheduler),
      Context.add(Random.Random, random)
    )

  return {
    nowNanos: () => nowNanos,
    after,
    context,
    layer: (options) => Layer.succeedContext(context(options)),
    run: Effect.fnUntraced(function* <A, E>(effect: Effect.Effect<A, E>, onSlice = Effect.void) {
      const fiber = Effect.runForkWith(yield* Effect.context<never>())(effect, { scheduler })
      drain()
      while (fiber.pollUnsafe() === undefined) {
        for (let i = 0; i < sliceEvents && fiber.pollUnsafe() === undefined; i++) {
          if (!step()) {
            return yield* Effect.die(new Error("The simulation waits for what can no longer happen"))
          }
        }
        if (atThisInstant > instantLimit) {
          const seconds = (nowNanos / 1e9).toFixed(3)
          return yield* Effect.die(new Error(`The simulation does not get beyond ${seconds} s: something never ends`))
        }
        yield* onSlice
        // Lets the host do what it has to do, such as noticing an interrupt from the keyboard.
        yield* Effect.yieldNow
      }
      return yield* Fiber.join(fiber)
    })
  }
}

const nanosPerMilli = 1_000_000

/** Events between two looks at the host's event loop: some milliseconds of work. */
const sliceEvents = 2_000

/** Events of one instant, such as messages without latency, after which time is taken to stand still for good. */
const instantLimit = 1_000_000

/** How much of the queue of runnable fibers may be used up before it is moved to the front. */
const compactAfter = 10_000

/** Fibers give way after as many operations as under Effect's own scheduler. */
const budget = new Scheduler.MixedScheduler()
