import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect } from "effect"
import * as Flush from "../../src/replication/Flush.ts"
import * as Topology from "../../src/replication/Topology.ts"
import * as Cluster from "./Cluster.ts"

// Leaves send at multiples of 400 ms, the hub, n0, 65 ms later; a message takes 20 ms.
const star = { size: 3, topology: Topology.star, flush: Flush.onGrid("400 millis", "50 millis") }

/** Waits until the clock is so many milliseconds past the next multiple of 400 ms, or before it. */
const sleepToGrid = (millis: number) =>
  Effect.flatMap(Clock.currentTimeMillis, (now) => Effect.sleep(400 - (now % 400) + millis))

describe("EagerPush, through a hub on a grid", () => {
  it.effect("takes in what has arrived while the hub's process was not run before it flushes", () =>
    Cluster.run(star, ({ append, nodes, replicas }) =>
      Effect.gen(function* () {
        yield* sleepToGrid(-100)
        yield* append(0, 1)
        yield* append(1, 2)
        yield* sleepToGrid(10)
        yield* nodes[0]!.pause
        yield* Effect.sleep("90 millis")
        yield* nodes[0]!.resume
        yield* Effect.sleep("21 millis")
        assert.sameDeepMembers(
          [...replicas[2]!.delivered],
          [
            ["n0", 1],
            ["n1", 2]
          ]
        )
      })
    )
  )

  it.effect("sends what arrives after the hub's flush without waiting for the next one", () =>
    Cluster.run(star, ({ append, nodes, replicas }) =>
      Effect.gen(function* () {
        yield* sleepToGrid(-100)
        yield* append(0, 1)
        yield* append(1, 2)
        yield* nodes[1]!.pause
        yield* sleepToGrid(60)
        yield* nodes[1]!.resume
        yield* sleepToGrid(-400 + 90)
        assert.deepStrictEqual([...replicas[2]!.delivered], [["n0", 1]])
        yield* sleepToGrid(-400 + 150)
        assert.deepStrictEqual(
          [...replicas[2]!.delivered],
          [
            ["n0", 1],
            ["n1", 2]
          ]
        )
      })
    )
  )
})
