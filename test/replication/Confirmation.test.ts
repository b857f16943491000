import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect, Fiber, Option } from "effect"
import * as Flush from "../../src/replication/Flush.ts"
import * as Topology from "../../src/replication/Topology.ts"
import * as Cluster from "./Cluster.ts"

/** Milliseconds until an effect is done, or none after this many seconds. */
const timed = <A, E>(effect: Effect.Effect<A, E>, seconds: number) =>
  Effect.gen(function* () {
    const start = yield* Clock.currentTimeMillis
    const done = yield* Effect.timeoutOption(effect, seconds * 1000)
    return Option.isSome(done) ? (yield* Clock.currentTimeMillis) - start : undefined
  })

/** Nodes that have just started ask each other, and that tells of items as well. */
const untilSettled = Effect.sleep("4 seconds")

describe("whenConfirmed", () => {
  it.effect("completes with the first message that tells", () =>
    Cluster.run({ size: 3 }, (cluster) =>
      Effect.gen(function* () {
        const seq = yield* cluster.append(0, 1)
        const confirmed = yield* Effect.forkChild(timed(cluster.confirm(0, seq), 10))
        yield* Effect.sleep("50 millis")
        yield* cluster.append(1, 2)
        assert.strictEqual(yield* Fiber.join(confirmed), 70)
        // And at once from then on.
        assert.strictEqual(yield* timed(cluster.confirm(0, seq), 10), 0)
      })
    )
  )

  for (const [name, topology] of Object.entries({
    direct: Topology.direct,
    star: Topology.star,
    nobody: Topology.neighbours(() => [])
  })) {
    it.effect(`asks for a sign after a second where there is none: ${name}`, () =>
      Cluster.run({ size: 3, topology }, (cluster) =>
        Effect.gen(function* () {
          yield* untilSettled
          const seq = yield* cluster.append(1, 1)
          const millis = (yield* timed(cluster.confirm(1, seq), 10))!
          if (name === "nobody") {
            // Who was asked fetches it, and says so when it is asked again, if not before.
            assert.isAtLeast(millis, 1080)
            assert.isAtMost(millis, 2040)
          } else {
            assert.strictEqual(millis, 1040)
          }
        })
      )
    )
  }

  it.effect("asks for a sign of every item, also of one that was sent while it waited for another", () =>
    Cluster.run({ size: 2 }, (cluster) =>
      Effect.gen(function* () {
        yield* cluster.append(0, 1)
        yield* Effect.sleep("500 millis")
        yield* cluster.append(1, 2)
        yield* Effect.sleep("400 millis")
        const seq = yield* cluster.append(0, 3)
        assert.strictEqual(yield* timed(cluster.confirm(0, seq), 10), 100 + 1000 + 40)
      })
    )
  )

  it.effect("waits as long as nobody can be reached, and no longer", () =>
    Cluster.run({ size: 3 }, (cluster) =>
      Effect.gen(function* () {
        cluster.cut([0], [1, 2])
        const seq = yield* cluster.append(0, 1)
        assert.isUndefined(yield* timed(cluster.confirm(0, seq), 20))
        cluster.network.heal()
        assert.isBelow((yield* timed(cluster.confirm(0, seq), 20))!, 3000)
      })
    )
  )

  it.effect("counts a node's own items in order, also of those that are not sent yet", () =>
    Cluster.run({ size: 2, flush: Flush.after("1 second") }, (cluster) =>
      Effect.gen(function* () {
        yield* untilSettled
        assert.deepStrictEqual(yield* Effect.forEach([7, 8, 9], (item) => cluster.append(0, item)), [0, 1, 2])
        const [first, last] = yield* Effect.all([timed(cluster.confirm(0, 0), 10), timed(cluster.confirm(0, 2), 10)], {
          concurrency: 2
        })
        assert.strictEqual(first, 1000 + 1000 + 40)
        assert.strictEqual(last, first)
        assert.isUndefined(yield* timed(cluster.confirm(0, 3), 10))
      })
    )
  )

  it.effect("does not keep a node waiting that is alone", () =>
    Cluster.run({ size: 1 }, (cluster) =>
      Effect.gen(function* () {
        const seq = yield* cluster.append(0, 1)
        assert.strictEqual(yield* timed(cluster.confirm(0, seq), 10), 0)
      })
    )
  )
})
