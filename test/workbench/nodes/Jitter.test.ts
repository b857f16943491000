import { assert, describe, it } from "@effect/vitest"
import { Clock, Duration, Effect } from "effect"
import { TestClock } from "effect/testing"
import { NodeId } from "../../../src/protocol/NodeId.ts"
import * as Jitter from "../../../src/workbench/nodes/Jitter.ts"
import type { NodeHost } from "../../../src/workbench/nodes/NodeHost.ts"
import * as Seeds from "../../../src/workbench/simulation/Seeds.ts"

/** A node that remembers when it was paused and resumed. */
const start = Effect.fnUntraced(function* (jitter: Jitter.Jitter) {
  const changes: Array<{ readonly paused: boolean; readonly at: number }> = []
  const change = (paused: boolean) => Effect.map(Clock.currentTimeMillis, (at) => void changes.push({ paused, at }))
  const host: NodeHost = {
    start: (id) =>
      Effect.succeed({
        id,
        crash: Effect.void,
        restart: Effect.void,
        pause: change(true),
        resume: change(false),
        failure: Effect.never,
        log: Effect.succeed([])
      })
  }
  const jittery = Jitter.make(host, jitter, (node) => Seeds.random("0", node))
  const node = yield* jittery.start(NodeId.make("n0"))
  return { changes, node }
})

const hundredSeconds = 100_000

describe("Jitter", () => {
  it.effect("stops a node for the mean time and the share of time that are asked for", () =>
    Effect.gen(function* () {
      const { changes } = yield* start({ mean: Duration.millis(10), share: 0.1, distribution: "uniform" })
      yield* TestClock.adjust(hundredSeconds)
      const stalls = changes.flatMap(({ at, paused }, index) => (paused ? [] : [at - changes[index - 1]!.at]))
      const stopped = stalls.reduce((sum, millis) => sum + millis, 0)
      assert.approximately(stopped / stalls.length, 10, 1)
      assert.isAtMost(Math.max(...stalls), 21)
      assert.approximately(stopped / hundredSeconds, 0.1, 0.015)
    }).pipe(Effect.scoped)
  )

  it.effect("stops a node for as long every time where that is asked for", () =>
    Effect.gen(function* () {
      const { changes } = yield* start({ mean: Duration.millis(40), share: 0.04, distribution: "constant" })
      yield* TestClock.adjust(hundredSeconds)
      const times = changes.slice(1).map(({ at }, index) => Math.round(at - changes[index]!.at))
      assert.isAbove(times.length, 190)
      assert.deepStrictEqual(new Set(times), new Set([40, 960]))
    }).pipe(Effect.scoped)
  )

  it.effect("leaves a node alone when there is none", () =>
    Effect.gen(function* () {
      const { changes } = yield* start(Jitter.none)
      yield* TestClock.adjust(hundredSeconds)
      assert.deepStrictEqual(changes, [])
    }).pipe(Effect.scoped)
  )

  it.effect("leaves a node paused for as long as something else pauses it", () =>
    Effect.gen(function* () {
      const { changes, node } = yield* start({ mean: Duration.millis(10), share: 0.5, distribution: "uniform" })
      yield* TestClock.adjust(105)
      yield* node.pause
      const begun = changes.length
      yield* TestClock.adjust(hundredSeconds)
      assert.isAtMost(changes.length - begun, 1)
      assert.isTrue(changes.at(-1)!.paused)
      yield* node.resume
      yield* TestClock.adjust(100)
      assert.isAbove(changes.length - begun, 3)
      assert.isTrue(changes.every(({ paused }, index) => paused === (index % 2 === 0)))
    }).pipe(Effect.scoped)
  )

  it.effect("lets a stopped node go on when its scope closes", () =>
    Effect.gen(function* () {
      const stopped = yield* Effect.scoped(
        Effect.gen(function* () {
          const { changes } = yield* start({ mean: Duration.minutes(1), share: 0.999, distribution: "uniform" })
          yield* TestClock.adjust(1000)
          assert.isTrue(changes.at(-1)!.paused)
          return changes
        })
      )
      assert.isFalse(stopped.at(-1)!.paused)
    })
  )
})
