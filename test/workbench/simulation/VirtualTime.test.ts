import { assert, describe, it } from "@effect/vitest"
import { Cause, Clock, Deferred, Duration, Effect, Exit, Fiber, Queue, Random } from "effect"
import * as Seeds from "../../../src/workbench/simulation/Seeds.ts"
import * as MachineClock from "../../../src/workbench/simulation/MachineClock.ts"
import * as VirtualTime from "../../../src/workbench/simulation/VirtualTime.ts"
import { simulate } from "./simulate.ts"

/** Runs a program that notes what happens, and hands out its notes. */
const notes = (program: (time: VirtualTime.VirtualTime, note: (text: string) => void) => Effect.Effect<unknown>) =>
  Effect.suspend(() => {
    const time = VirtualTime.make()
    const noted: Array<string> = []
    const note = (text: string) => void noted.push(`${text} ${time.nowNanos() / 1_000_000}`)
    return Effect.as(simulate(time, program(time, note)), noted)
  })

describe("VirtualTime", () => {
  it.effect("runs events by their instant, those of one instant in the order in which they were set", () =>
    Effect.gen(function* () {
      const noted = yield* notes((time, note) =>
        Effect.sync(() => {
          time.after(2_000_000, () => note("c"))
          time.after(1_000_000, () => {
            note("a")
            time.after(1_000_000, () => note("d"))
            time.after(0, () => note("b"))
          })
        }).pipe(Effect.andThen(Effect.sleep("5 millis")))
      )
      assert.deepStrictEqual(noted, ["a 1", "b 1", "c 2", "d 2"])
    })
  )

  it.effect("jumps over the time in which nothing happens", () =>
    Effect.gen(function* () {
      const time = VirtualTime.make()
      const [slept] = yield* simulate(time, Effect.timed(Effect.sleep("30 days")))
      assert.strictEqual(Duration.toDays(slept), 30)
      assert.strictEqual(time.nowNanos(), Duration.toMillis("30 days") * 1_000_000)
    })
  )

  it.effect("lets fibers take turns in the same order every time", () =>
    Effect.gen(function* () {
      const program = notes((_, note) =>
        Effect.gen(function* () {
          const queue = yield* Queue.bounded<string>(2)
          const producers = yield* Effect.forEach(["a", "b", "c"], (name) =>
            Effect.gen(function* () {
              for (let i = 0; i < 20; i++) {
                if (i % 3 === 0) {
                  yield* Effect.sleep(i % 5)
                }
                yield* Queue.offer(queue, `${name}${i}`)
              }
            }).pipe(Effect.forkChild)
          )
          const consumer = yield* Queue.take(queue).pipe(
            Effect.tap((item) => Effect.sync(() => note(item))),
            Effect.repeat({ times: 59 }),
            Effect.forkChild
          )
          yield* Fiber.joinAll(producers)
          yield* Fiber.join(consumer)
        })
      )
      const first = yield* program
      assert.strictEqual(first.length, 60)
      assert.deepStrictEqual(yield* program, first)
    })
  )

  it.effect("runs what became runnable first, first", () =>
    Effect.gen(function* () {
      const noted = yield* notes((_, note) =>
        Effect.forEach(
          ["a", "b"],
          (name) => Effect.sync(() => note(name)).pipe(Effect.andThen(Effect.yieldNow), Effect.repeat({ times: 2 })),
          { concurrency: "unbounded" }
        )
      )
      assert.deepStrictEqual(noted, ["a 0", "b 0", "a 0", "b 0", "a 0", "b 0"])
    })
  )

  it.effect("passes no time for a sleep that was interrupted", () =>
    Effect.gen(function* () {
      const time = VirtualTime.make()
      yield* simulate(
        time,
        Effect.gen(function* () {
          yield* Effect.sleep("1 second").pipe(Effect.timeoutOption("10 millis"))
          const sleeper = yield* Effect.forkChild(Effect.sleep("1 hour"), { startImmediately: true })
          yield* Fiber.interrupt(sleeper)
          yield* Effect.yieldNow
        })
      )
      assert.strictEqual(time.nowNanos(), 10_000_000)
    })
  )

  it.effect("wakes 100,000 sleeping fibers, each on time", () =>
    Effect.gen(function* () {
      const time = VirtualTime.make()
      let onTime = 0
      yield* simulate(
        time,
        Effect.forEach(
          Array.from({ length: 100_000 }, (_, i) => (i * 7919) % 10_007),
          (millis) =>
            Effect.andThen(
              Effect.sleep(millis),
              Effect.sync(() => {
                if (time.nowNanos() === millis * 1_000_000) {
                  onTime += 1
                }
              })
            ),
          { concurrency: "unbounded", discard: true }
        )
      )
      assert.strictEqual(onTime, 100_000)
      assert.strictEqual(time.nowNanos(), 10_006 * 1_000_000)
    })
  )

  it.effect("dies with a clear message when it waits for what can no longer happen", () =>
    Effect.gen(function* () {
      const exit = yield* Effect.exit(
        simulate(VirtualTime.make(), Effect.flatMap(Deferred.make<void>(), Deferred.await))
      )
      assert.isTrue(Exit.isFailure(exit) && Cause.hasDies(exit.cause))
      assert.match(Exit.isFailure(exit) ? Cause.pretty(exit.cause) : "", /waits for what can no longer happen/)
    })
  )

  it.effect("fails as the effect fails", () =>
    Effect.gen(function* () {
      const exit = yield* Effect.exit(
        simulate(VirtualTime.make(), Effect.andThen(Effect.sleep("1 second"), Effect.fail("no luck")))
      )
      assert.deepStrictEqual(exit, Exit.fail("no luck"))
    })
  )

  it.effect("begins at the same wall-clock time every time, and tells it in every unit", () =>
    Effect.gen(function* () {
      const times = yield* simulate(
        VirtualTime.make(),
        Effect.andThen(
          Effect.sleep("1500 micros"),
          Effect.all([Clock.currentTimeMillis, Clock.currentTimeNanos, Clock.monotonicTimeNanos])
        )
      )
      const { epochMillis } = VirtualTime
      assert.deepStrictEqual(times, [epochMillis + 1, BigInt(epochMillis) * 1_000_000n + 1_500_000n, 1_500_000n])
    })
  )

  it.effect("has clocks that are ahead of others, and that can be set without touching sleeps", () =>
    Effect.gen(function* () {
      const time = VirtualTime.make()
      const machine = MachineClock.make(250)
      const skewed = time.layer({ random: Seeds.random("0", "skewed"), machine })
      const read = Effect.all([Clock.currentTimeMillis, Clock.currentTimeNanos, Clock.monotonicTimeNanos]).pipe(
        Effect.provide(skewed)
      )
      const [before, after] = yield* simulate(
        time,
        Effect.gen(function* () {
          const before = yield* read
          const sleep = yield* Effect.sleep("1 second").pipe(
            Effect.provide(skewed),
            Effect.forkChild({ startImmediately: true })
          )
          machine.set(time.nowNanos(), { aheadMillis: -1000, driftPpm: 0 })
          yield* Fiber.join(sleep)
          return [before, yield* read]
        })
      )
      const { epochMillis } = VirtualTime
      assert.deepStrictEqual(before, [epochMillis + 250, BigInt(epochMillis + 250) * 1_000_000n, 0n])
      assert.deepStrictEqual(after, [epochMillis, BigInt(epochMillis) * 1_000_000n, 1_000_000_000n])
      assert.strictEqual(time.nowNanos(), 1_000_000_000)
    })
  )

  it.effect("has clocks that drift, with all that they time", () =>
    Effect.gen(function* () {
      const time = VirtualTime.make()
      const machine = MachineClock.make()
      machine.set(0, { aheadMillis: 0, driftPpm: 250_000 })
      const read = yield* simulate(
        time,
        Effect.andThen(
          Effect.sleep("10 seconds"),
          Effect.all([Clock.currentTimeMillis, Clock.currentTimeNanos, Clock.monotonicTimeNanos])
        ).pipe(Effect.provide(time.layer({ random: Seeds.random("0", "drifting"), machine })))
      )
      const { epochMillis } = VirtualTime
      assert.strictEqual(time.nowNanos(), 8_000_000_000)
      assert.deepStrictEqual(read, [epochMillis + 10_000, BigInt(epochMillis + 10_000) * 1_000_000n, 10_000_000_000n])
    })
  )

  it.effect("wakes nobody early whose clock slows down meanwhile", () =>
    Effect.gen(function* () {
      const time = VirtualTime.make()
      const machine = MachineClock.make()
      machine.set(0, { aheadMillis: 0, driftPpm: 1_000_000 })
      time.after(1_000_000_000, () => machine.set(time.nowNanos(), { aheadMillis: 0, driftPpm: 0 }))
      const slept = yield* simulate(
        time,
        Effect.andThen(Effect.sleep("10 seconds"), Clock.monotonicTimeNanos).pipe(
          Effect.provide(time.layer({ random: Seeds.random("0", "slowed"), machine }))
        )
      )
      assert.strictEqual(slept, 10_000_000_000n)
      assert.strictEqual(time.nowNanos(), 9_000_000_000)
    })
  )

  it.effect("holds what a sleep wakes up for as long as the clock's gate is closed", () =>
    Effect.gen(function* () {
      const noted = yield* notes((time, note) => {
        const held: Array<() => void> = []
        const gated = time.layer({ random: Seeds.random("0", "gated"), gate: (wake) => void held.push(wake) })
        time.after(9_000_000, () => {
          for (const wake of held.splice(0)) {
            wake()
          }
        })
        return Effect.forEach(
          [3, 1, 2],
          (millis) =>
            Effect.andThen(
              Effect.sleep(millis),
              Effect.sync(() => note(`slept ${millis},`))
            ),
          { concurrency: "unbounded" }
        ).pipe(Effect.provide(gated))
      })
      assert.deepStrictEqual(noted, ["slept 1, 9", "slept 2, 9", "slept 3, 9"])
    })
  )

  it.effect("gives a program all its randomness", () =>
    Effect.gen(function* () {
      const time = VirtualTime.make()
      const drawn = yield* time.run(Effect.provide(Random.next, time.layer({ random: Seeds.random("1", "program") })))
      assert.strictEqual(drawn, Seeds.random("1", "program").nextDoubleUnsafe())
    })
  )

  it.effect("looks at the host every few thousand events", () =>
    Effect.gen(function* () {
      const time = VirtualTime.make()
      let slices = 0
      const onSlice = Effect.sync(() => {
        slices += 1
      })
      yield* simulate(time, Effect.repeat(Effect.sleep("1 millis"), { times: 9_999 }), onSlice)
      assert.isAtLeast(slices, 4)
      assert.isAtMost(slices, 10)
    })
  )
})
