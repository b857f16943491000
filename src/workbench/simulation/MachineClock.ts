/**
 * Clock of a simulated machine, which may be set wrong and run fast or slow.
 *
 * As on real machines, setting the clock changes what the wall clock shows, and neither the monotonic clock nor timers;
 * drift is the oscillator's, and changes all three.
 */

/** How a clock goes from now on. */
export interface ClockSetting {
  /** How far the wall clock is ahead of the simulation at first, in milliseconds. */
  readonly aheadMillis: number
  /** How much faster it runs than the simulation, in parts per million. */
  readonly driftPpm: number
}

export interface MachineClock {
  /** How many seconds it counts in one of the simulation. */
  readonly rate: number

  /** What the monotonic clock shows at a time of the simulation, both in nanoseconds. It never goes back. */
  monotonicNanos(nowNanos: number): number

  /** How far the wall clock is ahead at a time of the simulation, in milliseconds. */
  aheadMillis(nowNanos: number): number

  /** Sets the wall clock, and how fast everything runs. */
  set(nowNanos: number, setting: ClockSetting): void
}

/** A clock that runs right, ahead by so many milliseconds. */
export const make = (aheadMillis = 0): MachineClock => {
  let rate = 1
  let setAtNanos = 0
  let aheadThen = aheadMillis
  let monotonicThen = 0

  const monotonicNanos = (nowNanos: number) => monotonicThen + (nowNanos - setAtNanos) * rate
  return {
    get rate() {
      return rate
    },
    monotonicNanos,
    aheadMillis: (nowNanos) => aheadThen + ((nowNanos - setAtNanos) * (rate - 1)) / nanosPerMilli,
    set: (nowNanos, { aheadMillis, driftPpm }) => {
      monotonicThen = monotonicNanos(nowNanos)
      setAtNanos = nowNanos
      aheadThen = aheadMillis
      rate = 1 + driftPpm / 1_000_000
    }
  }
}

const nanosPerMilli = 1_000_000
