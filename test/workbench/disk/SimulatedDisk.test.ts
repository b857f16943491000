import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Fiber } from "effect"
import { sweep } from "../../sweep.ts"
import { fork, run } from "./machine.ts"

describe("SimulatedDisk", () => {
  it.effect("takes its time: a millisecond for a sync, a tenth for a write, on average", () =>
    run("1", ({ nowMillis, open }) =>
      Effect.gen(function* () {
        const { log } = yield* open
        const began = nowMillis()
        const times: Array<number> = []
        for (let item = 0; item < 2000; item++) {
          const before = nowMillis()
          log.append(item)
          yield* log.sync
          times.push(nowMillis() - before)
        }
        assert.closeTo((nowMillis() - began) / 2000, 1.1, 0.1)
        // Most are faster than the mean, and some take several times as long.
        assert.closeTo(times.toSorted((a, b) => a - b)[1000]!, 0.78, 0.1)
        assert.isAbove(Math.max(...times), 5)
      })
    )
  )

  it.effect("fails while it is failing, and afterwards has what was appended meanwhile", () =>
    run("1", ({ disk, open }) =>
      Effect.gen(function* () {
        const { log } = yield* open
        disk.setFault("failing")
        log.append(0)
        assert.match((yield* Effect.flip(log.sync)).text, /^the disk failed: .*input\/output error/)
        disk.setFault(undefined)
        yield* log.sync
        disk.crash()
        assert.deepStrictEqual((yield* open).recovered, [0])
      })
    )
  )

  it.effect("does not return while it hangs, and then does", () =>
    run("1", ({ disk, nowMillis, open }) =>
      Effect.gen(function* () {
        const { log } = yield* open
        disk.setFault("hanging")
        const began = nowMillis()
        log.append(0)
        const synced = yield* fork(log.sync)
        yield* Effect.sleep("10 seconds")
        assert.isUndefined(synced.pollUnsafe())
        disk.setFault(undefined)
        yield* Fiber.join(synced)
        assert.approximately(nowMillis() - began, 10_000, 20)
      })
    )
  )

  it.effect("never answers a process of before the crash, and takes nothing from it", () =>
    run("1", ({ disk, open }) =>
      Effect.gen(function* () {
        const { log } = yield* open
        log.append(0)
        yield* log.sync
        log.append(1)
        disk.setFault("hanging")
        const hanging = yield* fork(log.sync)
        yield* Effect.sleep("1 second")
        disk.crash()
        disk.setFault(undefined)
        log.append(2)
        assert.isTrue(Exit.hasInterrupts(yield* Effect.exit(log.sync)))
        assert.isTrue(Exit.hasInterrupts(yield* Fiber.await(hanging)))
        const { recovered } = yield* open
        assert.isAtMost(recovered.length, 2)
        assert.deepStrictEqual(
          recovered,
          [0, 1].filter((_, index) => index < recovered.length)
        )
      })
    )
  )

  it.effect("forgets what a failed sync should have written, so that the next sync does not bring it back", () =>
    Effect.gen(function* () {
      let lost = 0
      for (const seed of sweep(20, 20)) {
        yield* run(seed, ({ disk }) =>
          Effect.gen(function* () {
            const fileSystem = disk.mount((wake) => wake())
            const file = yield* fileSystem.open("disk/a", { flag: "a" })
            yield* Effect.flatMap(fileSystem.open("disk"), ({ sync }) => sync)
            yield* file.writeAll(new Uint8Array([1, 2, 3]))
            disk.setFault("failing")
            assert.strictEqual((yield* Effect.flip(file.sync))._tag, "PlatformError")
            disk.setFault(undefined)
            yield* file.sync
            disk.crash()
            const { length } = yield* disk.mount((wake) => wake()).readFile("disk/a")
            lost += length < 3 ? 1 : 0
          })
        )
      }
      assert.isAbove(lost, 0)
    })
  )

  it.effect("may forget a file that was created or renamed, until the folder is synced", () =>
    Effect.gen(function* () {
      const sizes: Array<string> = []
      for (const seed of sweep(50, 50)) {
        yield* run(seed, ({ disk }) =>
          Effect.gen(function* () {
            const fileSystem = disk.mount((wake) => wake())
            for (const [name, size] of [
              ["log", 1],
              ["log.new", 2]
            ] as const) {
              const file = yield* fileSystem.open(name, { flag: "a" })
              yield* file.writeAll(new Uint8Array(size).fill(7))
              yield* file.sync
            }
            yield* fileSystem.rename("log.new", "log")
            disk.crash()
            const after = disk.mount((wake) => wake())
            sizes.push(`${(yield* after.readFile("log")).length} ${(yield* after.readFile("log.new")).length}`)
          })
        )
      }
      // Nothing; the first file; both; the second in place of the first.
      assert.sameMembers([...new Set(sizes)], ["0 0", "1 0", "1 2", "2 0"])
    })
  )
})
