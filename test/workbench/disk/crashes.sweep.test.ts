import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Fiber } from "effect"
import * as Draw from "../../../src/workbench/simulation/Draw.ts"
import * as Seeds from "../../../src/workbench/simulation/Seeds.ts"
import { sweep } from "../../sweep.ts"
import { fork, run } from "./machine.ts"

/**
 * What a node finds again after each of several crashes, in the midst of appends, syncs, failures and checkpoints; and
 * when.
 */
const crashes = (seed: string) =>
  run(seed, ({ disk, nowMillis, open }) =>
    Effect.gen(function* () {
      const random = Seeds.random(seed, "node")
      const found: Array<unknown> = []
      let next = 0
      let synced: ReadonlyArray<number> = []
      for (let life = 0; life < 8; life++) {
        const { log, recovered } = yield* open
        // All that was synced is there, in order, and of what came after it some beginning.
        assert.deepStrictEqual(recovered.slice(0, synced.length), synced, `seed ${seed}, life ${life}`)
        assert.isTrue(recovered.every((item, index) => item === index))
        found.push([nowMillis(), recovered.length - synced.length])
        next = recovered.length
        synced = recovered
        const dies = yield* fork(Effect.sleep(5 + 30 * random.nextDoubleUnsafe()))
        const lives = Effect.gen(function* () {
          for (;;) {
            yield* Effect.sleep(3 * random.nextDoubleUnsafe())
            const draw = random.nextDoubleUnsafe()
            disk.setFault(draw < 0.1 ? "failing" : undefined)
            for (let count = Draw.integerBelow(random, 4); count > 0; count--) {
              log.append(next++)
            }
            const all = Array.from({ length: next }, (_, index) => index)
            const done = draw > 0.8 ? log.replace(all) : log.sync
            const exit = yield* Effect.exit(done)
            if (Exit.isSuccess(exit)) {
              synced = all.length > synced.length ? all : synced
            }
          }
        })
        yield* Effect.raceFirst(Effect.all([lives, lives, lives], { concurrency: 3 }), Fiber.join(dies))
        disk.crash()
        disk.setFault(undefined)
      }
      return found
    })
  )

describe("a log on a simulated disk", () => {
  it.effect.each(sweep(200))(
    "never loses what was synced, and recovers in order what else survives a crash, in seed %s",
    (seed) => crashes(seed)
  )

  it.effect("does the same again under the same seed, and something else under another", () =>
    Effect.gen(function* () {
      const once = yield* crashes("1")
      assert.deepStrictEqual(yield* crashes("1"), once)
      assert.notDeepEqual(yield* crashes("2"), once)
    })
  )

  it.effect("now and then finds what was on its way when the machine crashed", () =>
    Effect.gen(function* () {
      const found = (yield* Effect.forEach(sweep(20), (seed) => crashes(seed))).flat() as Array<[number, number]>
      const survived = found.filter(([, count]) => count > 0)
      assert.isAbove(survived.length, 3)
      assert.isBelow(survived.length, found.length / 2)
    })
  )
})
