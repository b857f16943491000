import { assert, describe, it } from "@effect/vitest"
import { Cause, Effect, Exit, Fiber, Scope } from "effect"
import { TestClock } from "effect/testing"
import * as GroupCommit from "../../src/services/GroupCommit.ts"

/** A resource that takes a second for a batch, fails for `"bad"`, dies for `"deadly"`, and keeps what it was given. */
const makeSlow = () => {
  const batches: Array<ReadonlyArray<string>> = []
  const run = Effect.fnUntraced(function* (batch: ReadonlyArray<string>) {
    batches.push(batch)
    yield* Effect.sleep("1 second")
    if (batch.includes("deadly")) {
      return yield* Effect.die("deadly")
    }
    return batch.includes("bad") ? yield* Effect.fail("bad") : batch.map((item) => item.toUpperCase())
  })
  return { batches, run }
}

const fork = <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.forkChild(effect, { startImmediately: true })

describe("GroupCommit.make", () => {
  it.effect("commits the first at once, and what comes in meanwhile together, each with its own answer", () =>
    Effect.gen(function* () {
      const { batches, run } = makeSlow()
      const group = yield* GroupCommit.make({ run })
      const first = yield* fork(group.submit("a"))
      yield* TestClock.adjust(100)
      const others = yield* Effect.forEach(["b", "c", "d"], (item) => fork(group.submit(item)))
      yield* TestClock.adjust(850)
      assert.isUndefined(first.pollUnsafe())
      yield* TestClock.adjust(50)
      assert.strictEqual(yield* Fiber.join(first), "A")
      assert.isUndefined(others[0]!.pollUnsafe())
      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual(yield* Effect.forEach(others, Fiber.join), ["B", "C", "D"])
      assert.deepStrictEqual(batches, [["a"], ["b", "c", "d"]])
    })
  )

  it.effect("commits no more at once than the most, in order", () =>
    Effect.gen(function* () {
      const { batches, run } = makeSlow()
      const group = yield* GroupCommit.make({ max: 2, run })
      const fibers = yield* Effect.forEach(["a", "b", "c", "d", "e"], (item) => fork(group.submit(item)))
      yield* TestClock.adjust("10 seconds")
      assert.deepStrictEqual(yield* Effect.forEach(fibers, Fiber.join), ["A", "B", "C", "D", "E"])
      assert.deepStrictEqual(batches, [["a", "b"], ["c", "d"], ["e"]])
    })
  )

  it.effect("takes an item at once where its submitter waits later or never", () =>
    Effect.gen(function* () {
      const { batches, run } = makeSlow()
      const group = yield* GroupCommit.make({ run })
      void group.submitUnsafe("a")
      const answer = group.submitUnsafe("b")
      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual(batches, [["a", "b"]])
      assert.strictEqual(yield* answer, "B")
    })
  )

  it.effect("ends all of a batch as the batch ends, and goes on with the next", () =>
    Effect.gen(function* () {
      const { run } = makeSlow()
      const group = yield* GroupCommit.make({ max: 2, run })
      const fibers = yield* Effect.forEach(["a", "bad", "b", "deadly", "c"], (item) => fork(group.submit(item)))
      yield* TestClock.adjust("10 seconds")
      const exits = yield* Effect.forEach(fibers, Fiber.await)
      assert.deepStrictEqual(exits.slice(0, 2), [Exit.fail("bad"), Exit.fail("bad")])
      for (const exit of exits.slice(2, 4)) {
        assert.isTrue(Exit.isFailure(exit) && Cause.squash(exit.cause) === "deadly")
      }
      assert.deepStrictEqual(exits[4], Exit.succeed("C"))
    })
  )

  it.effect("commits the item of a submitter that no longer waits", () =>
    Effect.gen(function* () {
      const { batches, run } = makeSlow()
      const group = yield* GroupCommit.make({ run })
      const [gone, stays] = [yield* fork(group.submit("a")), yield* fork(group.submit("b"))]
      yield* TestClock.adjust(500)
      yield* Fiber.interrupt(gone)
      yield* TestClock.adjust(500)
      assert.strictEqual(yield* Fiber.join(stays), "B")
      assert.deepStrictEqual(batches, [["a", "b"]])
    })
  )

  it.effect("ends with its scope, and leaves no submitter of the batch under way without an answer", () =>
    Effect.gen(function* () {
      const { batches, run } = makeSlow()
      const scope = yield* Scope.make()
      const group = yield* Scope.provide(GroupCommit.make({ run }), scope)
      const under = yield* fork(group.submit("a"))
      yield* TestClock.adjust(500)
      yield* Scope.close(scope, Exit.void)
      const exit = yield* Fiber.await(under)
      assert.isTrue(Exit.isFailure(exit) && Cause.hasInterruptsOnly(exit.cause))
      const later = yield* fork(group.submit("b"))
      yield* TestClock.adjust("10 seconds")
      assert.isUndefined(later.pollUnsafe())
      assert.deepStrictEqual(batches, [["a"]])
    })
  )
})

describe("GroupCommit.makeOnDemand", () => {
  it.effect("commits when told, all that has gathered, also if that is nothing", () =>
    Effect.gen(function* () {
      const { batches, run } = makeSlow()
      const group = yield* GroupCommit.makeOnDemand(run)
      const fibers = yield* Effect.forEach(["a", "b"], (item) => fork(group.submit(item)))
      yield* TestClock.adjust("10 seconds")
      assert.deepStrictEqual(batches, [])
      assert.isTrue(group.isWaiting())
      yield* fork(Effect.andThen(group.commit, group.commit))
      yield* TestClock.adjust("2 seconds")
      assert.isFalse(group.isWaiting())
      assert.deepStrictEqual(yield* Effect.forEach(fibers, Fiber.join), ["A", "B"])
      assert.deepStrictEqual(batches, [["a", "b"], []])
    })
  )

  it.effect("commits one batch after another, whoever asks for them", () =>
    Effect.gen(function* () {
      const { batches, run } = makeSlow()
      const group = yield* GroupCommit.makeOnDemand(run)
      void group.submitUnsafe("a")
      yield* fork(group.commit)
      const second = yield* fork(group.commit)
      const late = yield* fork(group.submit("b"))
      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual(batches, [["a"], ["b"]])
      assert.isUndefined(late.pollUnsafe())
      yield* TestClock.adjust("1 second")
      assert.strictEqual(yield* Fiber.join(late), "B")
      yield* Fiber.join(second)
    })
  )

  it.effect("fails as the batch does, as do its submitters", () =>
    Effect.gen(function* () {
      const { run } = makeSlow()
      const group = yield* GroupCommit.makeOnDemand(run)
      const bad = yield* fork(group.submit("bad"))
      const commit = yield* fork(group.commit)
      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual(yield* Fiber.await(commit), Exit.fail("bad"))
      assert.deepStrictEqual(yield* Fiber.await(bad), Exit.fail("bad"))
    })
  )
})
