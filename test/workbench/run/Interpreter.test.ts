import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect, Layer } from "effect"
import { layer as echoNode } from "../../../src/challenges/echo/challenge.ts"
import { Broadcast, Read, Topology } from "../../../src/protocol/Broadcast.ts"
import { Echo } from "../../../src/protocol/Echo.ts"
import { Node } from "../../../src/services/Node.ts"
import { type ClientOperation, pairs } from "../../../src/workbench/history/History.ts"
import type { AnyWorkload } from "../../../src/workbench/workloads/Workload.ts"
import { workloads } from "../../../src/workbench/workloads/Workloads.ts"
import { run, seconds } from "../testRuns.ts"

const { broadcast, echo } = workloads

const invocations = (operations: ReadonlyArray<ClientOperation>) => operations.filter(({ type }) => type === "invoke")

/** Echoes after a quarter of a second. */
const slowNode = Node.serve(Echo.echo, (request) => Effect.as(Effect.sleep("250 millis"), request))

/** Echoes after three seconds the first time, and then at once. */
const slowStarter = () => {
  let started = false
  return Node.serve(Echo.echo, (request) => {
    const echo = Effect.succeed(request)
    if (started) {
      return echo
    }
    started = true
    return Effect.delay(echo, "3 seconds")
  })
}

/** Answers nothing but its setup. */
const silentNode = Layer.mergeAll(
  Node.serve(Topology, () => Effect.succeed({})),
  Node.serve(Broadcast.broadcast, () => Effect.never),
  Node.serve(Read, () => Effect.never)
)

/** Ends with a sequence of echoes by every client, each after a pause. */
const endingWith = (
  final: ReadonlyArray<string>,
  pause: Duration.Duration,
  finalTimeLimit = Duration.seconds(1000)
): AnyWorkload => ({
  ...echo,
  finalGenerator: () => () => {
    const values = [...final]
    return {
      pause: () => pause,
      next: () => {
        const value = values.shift()
        return value === undefined ? undefined : { f: "echo", value, final: true }
      }
    }
  },
  finalTimeLimit
})

describe("Interpreter", () => {
  it.effect("begins operations at the rate that is asked for, with gaps of up to twice the mean", () =>
    Effect.gen(function* () {
      const { operations } = yield* run(echoNode, echo, { rate: 100, timeLimit: "20 seconds" })
      const times = invocations(operations).map(({ time }) => time)
      const gaps = times.slice(1).map((time, index) => time - times[index]!)
      // The standard deviation of their number is 26.
      assert.approximately(times.length, 2000, 100)
      assert.isAtMost(Math.max(...gaps), seconds(0.02))
      assert.isAbove(gaps.filter((gap) => gap > seconds(0.015)).length, gaps.length / 5)
      assert.isAbove(gaps.filter((gap) => gap < seconds(0.005)).length, gaps.length / 5)
    })
  )

  it.effect("begins none at rate 0", () =>
    Effect.gen(function* () {
      const { operations } = yield* run(echoNode, echo, { rate: 0 })
      assert.deepStrictEqual(operations, [])
    })
  )

  it.effect(
    "has no client begin an operation while it has one under way, and all of them busy if there is much to do",
    () =>
      Effect.gen(function* () {
        const { operations } = yield* run(slowNode, echo, { rate: 1000, concurrency: 4, timeLimit: "5 seconds" })
        const open = new Set<number>()
        let most = 0
        for (const { process, type } of operations) {
          if (type === "invoke") {
            assert.isFalse(open.has(process), `process ${process} begins two operations`)
            open.add(process)
          } else {
            assert.isTrue(open.delete(process), `process ${process} ends what it has not begun`)
          }
          most = Math.max(most, open.size)
        }
        assert.strictEqual(open.size, 0)
        assert.strictEqual(most, 4)
        // Each of the four is at it all the time, four operations a second.
        assert.approximately(invocations(operations).length, 80, 4)
      })
  )

  it.effect("does not make up for the time in which no client was free", () =>
    Effect.gen(function* () {
      const { operations } = yield* run(slowStarter(), echo, { rate: 10, concurrency: 1, timeLimit: "6 seconds" })
      const [first, ...later] = invocations(operations)
      assert.strictEqual(operations[1]!.time, first!.time + seconds(3))
      assert.isBelow(later.filter(({ time }) => time < seconds(3.5)).length, 10)
      assert.approximately(later.length, 30, 10)
    })
  )

  it.effect("begins no operation after the time limit, and waits for those under way", () =>
    Effect.gen(function* () {
      const { operations } = yield* run(slowNode, echo, { rate: 1000, timeLimit: "2.1 seconds" })
      assert.isBelow(invocations(operations).at(-1)!.time, seconds(2.1))
      assert.strictEqual(operations.at(-1)!.time, invocations(operations).at(-1)!.time + seconds(0.25))
    })
  )

  it.effect("chooses among free clients at random", () =>
    Effect.gen(function* () {
      const { operations } = yield* run(echoNode, echo, { rate: 100, timeLimit: "30 seconds", concurrency: 3 })
      const shares = [0, 1, 2].map((process) => invocations(operations).filter((one) => one.process === process).length)
      for (const share of shares) {
        assert.approximately(share, 1000, 100)
      }
    })
  )

  it.effect("gives a client's call 5 s, after which the outcome is unknown, unless it had none to begin with", () =>
    Effect.gen(function* () {
      const { history, operations } = yield* run(silentNode, broadcast, { rate: 2, concurrency: 6 })
      const counterparts = pairs(history)
      const began = invocations(operations)
      assert.isAbove(began.length, 6)
      for (const invocation of began) {
        const completion = counterparts.get(invocation)
        assert.deepInclude(completion, {
          type: invocation.f === "read" ? "fail" : "info",
          error: "net-timeout",
          time: invocation.time + seconds(5)
        })
      }
    })
  )

  it.effect(
    "lets a client go on under a number raised by the concurrency after an unknown outcome, and only then",
    () =>
      Effect.gen(function* () {
        const { operations } = yield* run(silentNode, broadcast, { rate: 10, concurrency: 3, timeLimit: "60 seconds" })
        const byThread = Map.groupBy(operations, ({ process }) => process % 3)
        assert.strictEqual(byThread.size, 3)
        for (const [thread, ofThread] of byThread) {
          let process = thread
          for (const operation of ofThread) {
            assert.strictEqual(operation.process, process)
            if (operation.type === "info") {
              process += 3
            }
          }
          assert.isAbove(process, 9)
        }
      })
  )

  it.effect("runs the final operations of every client one after another, with the pauses that they ask for", () =>
    Effect.gen(function* () {
      const { operations } = yield* run(echoNode, endingWith(["one", "two", "three"], Duration.seconds(0.5)), {
        concurrency: 2,
        recovery: "3 seconds"
      })
      const final = operations.filter((operation) => operation.final === true)
      for (const process of [0, 1]) {
        const own = invocations(final).filter((operation) => operation.process === process)
        assert.deepStrictEqual(
          own.map(({ value }) => value),
          ["one", "two", "three"]
        )
        assert.deepStrictEqual(
          own.map(({ time }) => time),
          [8.5, 9, 9.5].map(seconds)
        )
      }
      assert.strictEqual(final.length, 12)
    })
  )

  it.effect("ends the final phase at its time limit", () =>
    Effect.gen(function* () {
      const { operations } = yield* run(
        echoNode,
        endingWith(
          Array.from({ length: 100 }, (_, index) => String(index)),
          Duration.seconds(0.5),
          Duration.seconds(2)
        ),
        {
          concurrency: 1
        }
      )
      const final = invocations(operations).filter((operation) => operation.final === true)
      assert.deepStrictEqual(
        final.map(({ value }) => value),
        ["0", "1", "2"]
      )
    })
  )
})
