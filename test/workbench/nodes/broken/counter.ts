/**
 * Counters that count wrong.
 */
import { Effect, Layer, Option, Schedule, Schema, Semaphore } from "effect"
import * as perNode from "../../../../src/challenges/counter/perNode.ts"
import { Add, Read } from "../../../../src/protocol/Counter.ts"
import { SeqKv } from "../../../../src/services/Kv.ts"
import { Node } from "../../../../src/services/Node.ts"
import { Timers } from "../../../../src/services/Timers.ts"
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

/**
 * As our own counter over seq-kv, each node's total in a key of its own and the others' read in rounds, but for one
 * thing: no write goes before a round, so that it may see what it saw in the last.
 */
const readingRounds = Layer.unwrap(
  Effect.gen(function* () {
    const node = yield* Node
    const timers = yield* Timers
    const totals = (yield* SeqKv).collection({ key: Schema.String, value: Schema.Int })
    const turn = yield* Semaphore.make(1)
    const others = new Map<string, number>()
    let own = 0

    const readTotal = Effect.fnUntraced(function* (peer: string) {
      others.set(
        peer,
        Option.getOrElse(yield* totals.readOption(peer), () => 0)
      )
    })
    yield* timers.recur(
      "read the others' totals",
      Schedule.jittered(Schedule.spaced("500 millis")),
      Effect.forEach(node.peers, readTotal, { discard: true })
    )
    return Layer.mergeAll(
      Node.serve(Add, ({ delta }) =>
        turn.withPermit(Effect.suspend(() => totals.write(node.id, (own += delta)))).pipe(Effect.as({}))
      ),
      Node.serve(Read, () =>
        Effect.sync(() => ({ value: [...others.values()].reduce((sum, total) => sum + total, own) }))
      )
    )
  })
)

/** Maelstrom's seq-kv shows newer and newer states in the end, so that this bug passes there. */
export const staleCounter: Scenario = {
  name: "g-counter in a stale store",
  workload: "g-counter",
  options: { ...options, kv: "stale" },
  control: perNode.layer("grow-only"),
  broken: [
    {
      bug: "reads the others' totals without a write before",
      finds: "final-read-unacceptable",
      layer: readingRounds
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
