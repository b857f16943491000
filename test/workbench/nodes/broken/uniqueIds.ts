/**
 * Nodes whose ids are not unique, or not there.
 */
import { Clock, Effect, Layer, Random } from "effect"
import * as snowflake from "../../../../src/challenges/uniqueIds/snowflake.ts"
import { TemporarilyUnavailable } from "../../../../src/protocol/RpcError.ts"
import { Generate } from "../../../../src/protocol/UniqueIds.ts"
import { LinTso } from "../../../../src/services/LinTso.ts"
import { Node } from "../../../../src/services/Node.ts"
import type { Scenario } from "./BrokenNode.ts"

export const uniqueIds: Scenario = {
  name: "unique ids",
  workload: "unique-ids",
  options: {
    nodeCount: 3,
    concurrency: 6,
    rate: 200,
    timeLimit: "3 seconds",
    availability: "total",
    faults: { loss: 0.01, duplicate: 0, reorder: 0 }
  },
  control: snowflake.layer,
  broken: [
    {
      bug: "counts as if there were no other nodes",
      finds: "duplicated",
      layer: Layer.suspend(() => {
        let count = 0
        return Node.serve(Generate, () => Effect.sync(() => ({ id: ++count })))
      })
    },
    {
      bug: "takes its name and the time for an id, however many are asked for in a millisecond",
      finds: "duplicated",
      layer: Node.serve(Generate, (_request, { dest }) =>
        Effect.map(Clock.currentTimeMillis, (now) => ({ id: `${dest}-${now}` }))
      )
    },
    {
      bug: "draws ids from too few",
      finds: "duplicated",
      layer: Node.serve(Generate, () => Effect.map(Random.nextIntBetween(0, 20_000), (id) => ({ id })))
    },
    {
      bug: "is dead after its first error",
      finds: "unavailable",
      layer: Layer.unwrap(
        LinTso.use((oracle) => {
          let dead = false
          const next = oracle.next.pipe(Effect.tapError(() => Effect.sync(() => (dead = true))))
          const refuse = Effect.fail(new TemporarilyUnavailable({ text: "something went wrong earlier" }))
          return Effect.succeed(
            Node.serve(Generate, () => Effect.suspend(() => Effect.map(dead ? refuse : next, (id) => ({ id }))))
          )
        })
      )
    },
    {
      bug: "gives out null for its fiftieth id, if it is n0",
      finds: "null-id",
      strict: true,
      layer: Layer.suspend(() => {
        let count = 0
        return Node.serve(Generate, (_request, { dest }) =>
          Effect.sync(() => ({ id: ++count === 50 && dest === "n0" ? null : `${dest}-${count}` }))
        )
      })
    }
  ]
}

export const steppingClocks: Scenario = {
  name: "unique ids while clocks step",
  workload: "unique-ids",
  options: {
    nodeCount: 3,
    concurrency: 6,
    rate: 400,
    timeLimit: "4 seconds",
    availability: "total",
    nemesis: ["clock"],
    nemesisInterval: "500 millis",
    nemesisTargets: ["all"],
    clockSkew: "200 millis"
  },
  control: snowflake.layer,
  broken: [
    {
      bug: "numbers the ids of a millisecond anew when its clock shows it again",
      finds: "duplicated",
      layer: Layer.suspend(() => {
        let newest = 0
        let count = 0
        return Node.serve(Generate, (_request, { dest }) =>
          Effect.map(Clock.currentTimeMillis, (now) => {
            count = now === newest ? count + 1 : 0
            newest = now
            return { id: `${dest}-${now}-${count}` }
          })
        )
      })
    }
  ]
}
