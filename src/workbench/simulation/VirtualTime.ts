/**
 * Time that passes only when nothing is left to do: whenever every fiber waits, the clock jumps to the next event.
 *
 * One clock and one scheduler carry all fibers of a simulation, so that what happens, and in which order, depends on
 * nothing but the program and its seeds. The idea is that of discrete-event simulation, as in FoundationDB's and
 * TigerBeetle's simulators and in Rust's turmoil.
 */
import { Clock, Context, Duration, Effect, Fiber, Random, Scheduler } from "effect"
import * as EventQueue from "./EventQueue.ts"
import type { Timeline } from "./Timeline.ts"

/** The wall-clock time at which every simulation begins: 2026-01-01T00:00:00Z, in milliseconds. */
export const epochMillis = 1_767_225_600_000

export interface VirtualTime extends Timeline {
  /** Runs fibers in the order in which they became runnable. */
  readonly scheduler: Scheduler.Scheduler

  /** A clock that tells virtual time, `skewMillis` ahead of the simulation's own. */
  clock(options?: ClockOptions): Clock.Clock

  /** What {@link run} needs in the context of its effect: this scheduler, one of these clocks, and a source of chance. */
  context(random: Random.Random, options?: ClockOptions): Context.Context<never>

  /**
   * Runs an effect, whose context must have this scheduler and one of these clocks, until it is done. Fails as it
   * fails; dies if it waits for what can no longer happen. `onSlice` runs every few thousand events.
   */
  run<A, E>(effect: Effect.Effect<A, E>, onSlice?: Effect.Effect<void>): Effect.Effect<A, E>
}

export interface ClockOptions {
  /** How far the clock is ahead of the simulation, as a function so that it can step. */
  readonly skewMillis?: () => number
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

  const monotonicNanos = () => BigInt(Math.round(nowNanos))

  const after = (delayNanos: number, run: () => void) => events.add(nowNanos + delayNanos, run)

  const scheduler: Scheduler.Scheduler = {
    executionMode: "async",
    shouldYield: (fiber) => budget.shouldYield(fiber),
    makeDispatcher: () => dispatcher
  }

  const clock = ({ gate, skewMillis = () => 0 }: ClockOptions = {}): Clock.Clock => {
    const millis = () => epochMillis + Math.floor(nowNanos / nanosPerMilli) + skewMillis()
    const nanos = () =>
      BigInt(Math.round(epochMillis + skewMillis())) * BigInt(nanosPerMilli) + BigInt(Math.round(nowNanos))
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
          const wake = () => resume(Effect.void)
          const event = after(delayNanos, gate === undefined ? wake : () => gate(wake))
          return Effect.sync(() => {
            event.run = undefined
          })
        })
      }
    }
  }

  return {
    nowNanos: () => nowNanos,
    after,
    scheduler,
    clock,
    context: (random, options) =>
      Context.empty().pipe(
        Context.add(Clock.Clock, clock(options)),
        Context.add(Scheduler.Scheduler, scheduler),
        Context.add(Random.Random, random)
      ),
    run: Effect.fnUntraced(function* <A, E>(effect: Effect.Effect<A, E>, onSlice = Effect.void) {
      const fiber = Effect.runForkWith(yield* Effect.context<never>())(effect)
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
