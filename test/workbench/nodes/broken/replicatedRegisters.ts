/**
 * Copies of registers that show what transactions wrote too early, in parts, in the wrong order, or though they were
 * aborted.
 */
import { Effect } from "effect"
import { Abort } from "../../../../src/protocol/RpcError.ts"
import { think } from "../reference/registers.ts"
import { atOnce, inOrder, layer, make } from "../reference/replicatedRegisters.ts"
import { type Scenario, sometimes } from "./BrokenNode.ts"

const options = {
  nodeCount: 2,
  concurrency: 6,
  rate: 400,
  timeLimit: "3 seconds",
  keyCount: 4,
  latency: "5 millis"
} as const

export const copies: Scenario = {
  name: "txn-rw-register on copies under read-committed",
  workload: "txn-rw-register",
  options: { ...options, latencyDist: "exponential", consistencyModels: ["read-committed"] },
  control: layer,
  broken: [
    {
      bug: "makes writes visible before the transaction is done",
      finds: "G1b",
      besides: ["G0", "G1c"],
      layer: make({
        transactOn: (replica) => (transaction) =>
          Effect.forEach(transaction, (operation) =>
            Effect.andThen(
              think,
              Effect.map(atOnce(replica)([operation]), ([done]) => done!)
            )
          )
      })
    },
    {
      bug: "forgets one key when it takes back what an aborted transaction has written",
      finds: "G1a",
      layer: make({
        transactOn: (replica) => (transaction) =>
          sometimes(
            0.05,
            Effect.suspend(() => {
              const [forgotten] = replica.execute(transaction).writes
              if (forgotten !== undefined) {
                replica.values.set(...forgotten)
              }
              return Effect.fail(new Abort({ text: "changed its mind" }))
            }),
            atOnce(replica)(transaction)
          )
      })
    }
  ]
}

export const primary: Scenario = {
  name: "txn-rw-register with a primary under snapshot-isolation",
  workload: "txn-rw-register",
  options: { ...options, latencyDist: "exponential", consistencyModels: ["snapshot-isolation"] },
  control: make({ primary: true, receive: inOrder((replica, writeSet) => Effect.sync(() => replica.apply(writeSet))) }),
  broken: [
    {
      bug: "applies one half of a transaction somewhat later than the other",
      finds: "G-single-item",
      layer: make({
        primary: true,
        receive: inOrder((replica, writeSet) => {
          const half = Math.ceil(writeSet.writes.length / 2)
          replica.apply({ ...writeSet, writes: writeSet.writes.slice(0, half) })
          const rest = Effect.sync(() => replica.apply({ ...writeSet, writes: writeSet.writes.slice(half) }))
          return Effect.andThen(think, rest)
        })
      })
    },
    {
      bug: "takes writes for the later ones that arrive later",
      finds: "G-single-item",
      // Copies that take two writes in different orders show a client the later one, and then the earlier.
      besides: ["G-nonadjacent-item", "causal-cerone-violation"],
      layer: make({
        primary: true,
        receive:
          ({ values }) =>
          ({ writes }) =>
            Effect.sync(() => {
              for (const [key, value] of writes) {
                values.set(key, value)
              }
            })
      })
    }
  ]
}
