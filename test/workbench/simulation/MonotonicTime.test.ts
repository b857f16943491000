import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect } from "effect"
import { nowNanos, sleepUntil, toNanos } from "../../../src/workbench/simulation/MonotonicTime.ts"
import * as VirtualTime from "../../../src/workbench/simulation/VirtualTime.ts"
import { simulate } from "./simulate.ts"

describe("MonotonicTime", () => {
  it.effect("sleeps until a time, and not at all if it is over", () =>
    simulate(
      VirtualTime.make(),
      Effect.gen(function* () {
        yield* sleepUntil(1_500_000.25)
        assert.strictEqual(yield* nowNanos, 1_500_001)
        yield* sleepUntil(1_000_000)
        assert.strictEqual(yield* nowNanos, 1_500_001)
      })
    )
  )

  it("counts nanoseconds of any duration", () => {
    assert.deepStrictEqual([Duration.zero, Duration.seconds(2.5), Duration.nanos(7n), Duration.infinity].map(toNanos), [
      0,
      2_500_000_000,
      7,
      Number.POSITIVE_INFINITY
    ])
  })
})
