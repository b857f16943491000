/**
 * Copies of registers that promise little and keep less: they never agree, show half of a transaction, or effects
 * before their causes. The nodes of challenges 6b and 6c pass where these do not.
 */
import { Effect } from "effect"
import { challenge6c } from "../../../../src/challenges/transactions/challenge.ts"
import { think } from "../reference/registers.ts"
import { layer, make } from "../reference/replicatedRegisters.ts"
import type { Scenario } from "./BrokenNode.ts"

const { "no-replication": noReplication, replicated, "total-order": totalOrder } = challenge6c.strategies

const correct = {
  control: replicated!.layer,
  controls: { "has one order for the whole cluster": totalOrder!.layer }
}

/** `test 6c --strict --node-count 3 --rate 300 --time-limit 3 --key-count 4 --latency 5 --latency-dist exponential`. */
const options = {
  nodeCount: 3,
  concurrency: 6,
  rate: 300,
  timeLimit: "3 seconds",
  keyCount: 4,
  latency: "5 millis",
  latencyDist: "exponential",
  finalReads: true
} as const

export const converging: Scenario = {
  name: "txn-rw-register on copies that are to agree in the end",
  workload: "txn-rw-register",
  options: { ...options, consistencyModels: ["read-committed"] },
  ...correct,
  broken: [
    {
      bug: "takes writes for the later ones that arrive later",
      finds: "final-reads-disagree",
      strict: true,
      layer: make({
        receive:
          ({ values }) =>
          ({ writes }) =>
            Effect.sync(() => {
              for (const [key, value] of writes) {
                values.set(key, value)
              }
            })
      })
    },
    {
      bug: "keeps its own of two writes that have the same place in the order",
      finds: "final-reads-disagree",
      strict: true,
      layer: make({ isLater: (a, b) => a.count > b.count })
    },
    {
      bug: "tells nobody what it writes",
      finds: "unheard-writes",
      besides: ["final-reads-disagree"],
      strict: true,
      layer: noReplication!.layer
    }
  ]
}

/** A node that lets the others see the first half of what a transaction wrote up to 4 ms before the rest. */
const inHalves = make({
  receive: (replica) => (writeSet) => {
    const half = Math.ceil(writeSet.writes.length / 2)
    replica.apply({ ...writeSet, writes: writeSet.writes.slice(0, half) })
    const rest = Effect.sync(() => replica.apply({ ...writeSet, writes: writeSet.writes.slice(half) }))
    return Effect.andThen(think, rest)
  }
})

const fractured = { bug: "shows one half of a transaction somewhat later than the other", layer: inHalves }

export const monotonicAtomicView: Scenario = {
  name: "txn-rw-register on copies under monotonic-atomic-view",
  workload: "txn-rw-register",
  options: { ...options, consistencyModels: ["monotonic-atomic-view"] },
  ...correct,
  broken: [{ ...fractured, finds: "observed-transaction-vanishes" }]
}

export const readAtomic: Scenario = {
  name: "txn-rw-register on copies under read-atomic",
  workload: "txn-rw-register",
  options: { ...options, consistencyModels: ["read-atomic"] },
  ...correct,
  broken: [{ ...fractured, finds: "fractured-read", besides: ["observed-transaction-vanishes"] }]
}

export const causal: Scenario = {
  name: "txn-rw-register on copies under causal",
  workload: "txn-rw-register",
  options: { ...options, consistencyModels: ["causal"] },
  ...correct,
  broken: [
    {
      bug: "shows what was written before what its writer had seen and written",
      finds: "missing-read-write-dependency",
      besides: ["non-monotonic-writes", "PRAM-violation", "causal-violation"],
      layer
    }
  ]
}
