/**
 * Broadcast nodes that lose values, or make some up.
 */
import { Effect, Schedule, type Schema } from "effect"
import * as Correct from "../reference/broadcast.ts"
import { type Scenario, sometimes } from "./BrokenNode.ts"

export const broadcast: Scenario = {
  name: "broadcast",
  workload: "broadcast",
  options: {
    nodeCount: 5,
    concurrency: 5,
    rate: 40,
    timeLimit: "5 seconds",
    latency: "10 millis",
    nemesis: ["partition"],
    nemesisInterval: "1 second",
    recovery: "5 seconds"
  },
  control: Correct.layer,
  broken: [
    {
      bug: "now and then acknowledges a value and drops it",
      finds: "lost",
      layer: Correct.make({
        alter: (replica) => ({
          ...replica,
          broadcast: (value) => sometimes(0.05, Effect.void, replica.broadcast(value))
        })
      })
    },
    {
      bug: "loses what it sends into a partition",
      finds: "lost",
      besides: ["final-reads-disagree"],
      layer: Correct.make({ repeat: () => Effect.void })
    },
    {
      bug: "swaps values no more once a swap has failed",
      finds: "lost",
      besides: ["final-reads-disagree"],
      layer: Correct.make({
        repeat: (swap) =>
          swap.pipe(Effect.repeat(Schedule.spaced("500 millis")), Effect.ignore, Effect.forkScoped, Effect.asVoid)
      })
    },
    {
      bug: "forgets all but the last fifty values",
      finds: "lost",
      besides: ["forgotten", "final-reads-disagree"],
      layer: Correct.make({
        alter: (replica) => ({ ...replica, read: Effect.map(replica.read, (values) => values.slice(-50)) })
      })
    },
    {
      bug: "reads from a copy that it renews for every tenth value of its clients",
      finds: "lost",
      besides: ["final-reads-disagree"],
      layer: Correct.make({
        alter: (replica) => {
          let broadcasts = 0
          let copy: ReadonlyArray<Schema.Json> = []
          const renew = Effect.map(replica.read, (values) => {
            copy = values
          })
          return {
            broadcast: (value) =>
              Effect.andThen(replica.broadcast(value), () => (broadcasts++ % 10 === 0 ? renew : Effect.void)),
            read: Effect.sync(() => copy)
          }
        }
      })
    },
    {
      bug: "forgets a value that it has shown, if it is n1",
      finds: "forgotten",
      besides: ["final-reads-disagree"],
      strict: true,
      layer: Correct.make({
        alter: (replica, id) =>
          id === "n1" ? { ...replica, read: Effect.map(replica.read, (values) => values.slice(-50)) } : replica
      })
    },
    {
      bug: "shows a value that nobody sent",
      finds: "phantom",
      strict: true,
      layer: Correct.make({
        alter: (replica) => ({ ...replica, read: Effect.map(replica.read, (values) => [...values, 1_000_000]) })
      })
    },
    {
      bug: "shows a value as often as it was told it",
      finds: "duplicated",
      strict: true,
      layer: Correct.make({
        alter: (replica) => {
          const own: Array<Schema.Json> = []
          return {
            broadcast: (value) =>
              Effect.andThen(
                replica.broadcast(value),
                Effect.sync(() => void own.push(value))
              ),
            read: Effect.map(replica.read, (values) => [...values, ...own])
          }
        }
      })
    }
  ]
}
