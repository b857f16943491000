/**
 * Counters that count wrong.
 */
import { Effect, Layer } from "effect"
import { SeqKv } from "../../../../src/services/Kv.ts"
import * as Correct from "../reference/counter.ts"
import * as Stored from "../reference/storedCounter.ts"
import { type Scenario, sometimes } from "./BrokenNode.ts"

const options = {
  nodeCount: 3,
  concurrency: 3,
  rate: 40,
  timeLimit: "5 seconds",
  latency: "10 millis",
  recovery: "5 seconds"
} as const

/** The nodes must not mind these. The store would: a write that arrives once more, late, undoes what came after it. */
const faults = { loss: 0.1, duplicate: 0.2, reorder: 0.2 }

export const counter: Scenario = {
  name: "g-counter",
  workload: "g-counter",
  options: { ...options, faults, nemesis: ["partition"], nemesisInterval: "1 second" },
  control: Correct.layer,
  broken: [
    {
      bug: "now and then adds twice",
      finds: "final-read-unacceptable",
      besides: ["impossible-read"],
      layer: Correct.make({
        alter: (replica) => ({
          ...replica,
          add: (delta) => sometimes(0.05, replica.add(2 * delta), replica.add(delta))
        })
      })
    },
    {
      bug: "takes a total for news, and adds it to what it knows",
      finds: "final-read-unacceptable",
      besides: ["impossible-read"],
      layer: Correct.make({
        accept: (_owner, current, told) =>
          told.additions > current.additions ? { ...told, sum: current.sum + told.sum } : current
      })
    },
    {
      bug: "skips what n2 has added",
      finds: "final-read-unacceptable",
      layer: Correct.make({
        accept: (owner, current, told) => (owner === "n2" ? current : Correct.newer(current, told))
      })
    },
    {
      bug: "reads what it has cached since its last addition",
      finds: "final-read-unacceptable",
      layer: Correct.make({
        alter: (replica) => {
          let cached = 0
          return {
            add: (delta) =>
              Effect.andThen(
                replica.add(delta),
                Effect.map(replica.read, (sum) => {
                  cached = sum
                })
              ),
            read: Effect.sync(() => cached)
          }
        }
      })
    },
    {
      bug: "takes the total that it was told last for the newest",
      finds: "went-back",
      strict: true,
      layer: Correct.make({ accept: (owner, current, told, id) => (owner === id ? current : told) })
    }
  ]
}

export const storedCounter: Scenario = {
  name: "g-counter in a store",
  workload: "g-counter",
  options,
  control: Stored.layer,
  broken: [
    {
      bug: "trusts the reads of seq-kv, which may be old for ever",
      finds: "final-read-unacceptable",
      besides: ["final-reads-disagree"],
      layer: Layer.unwrap(SeqKv.use((store) => Stored.make(store)))
    }
  ]
}

export const subtractingCounter: Scenario = {
  name: "pn-counter",
  workload: "pn-counter",
  options: { ...options, faults },
  control: Correct.layer,
  broken: [
    {
      bug: "drops what is subtracted from it",
      finds: "final-read-unacceptable",
      layer: Correct.make({
        alter: (replica) => ({ ...replica, add: (delta) => (delta < 0 ? Effect.void : replica.add(delta)) })
      })
    },
    {
      bug: "takes the greater total for the newer",
      finds: "final-read-unacceptable",
      layer: Correct.make({ accept: (_owner, current, told) => (told.sum > current.sum ? told : current) })
    }
  ]
}
