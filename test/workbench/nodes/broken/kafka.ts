/**
 * Logs that lose records, or mix them up.
 */
import { Effect, Layer, type Schema } from "effect"
import * as replicated from "../../../../src/challenges/log/replicated.ts"
import type { Offsets } from "../../../../src/protocol/Kafka.ts"
import { Durability } from "../../../../src/services/Durability.ts"
import * as Correct from "../reference/kafka.ts"
import { think } from "../reference/registers.ts"
import { type Scenario, sometimes } from "./BrokenNode.ts"

type Records = ReadonlyArray<readonly [offset: number, record: Schema.Json]>

/** A node whose polls return something else than there is. */
const polling = (change: (records: Records) => Records, share = 1) =>
  Correct.make((broker) => ({
    ...broker,
    poll: (request) =>
      Effect.flatMap(broker.poll(request), (reply) =>
        sometimes(
          share,
          Effect.succeed({
            msgs: Object.fromEntries(Object.entries(reply.msgs).map(([key, records]) => [key, change(records)]))
          }),
          Effect.succeed(reply)
        )
      )
  }))

/** Committed offsets that a node keeps for itself. */
const commits = (commit: (committed: Map<string, number>, offsets: Offsets) => void) => (broker: Correct.Broker) => {
  const committed = new Map<string, number>()
  return {
    ...broker,
    commit: ({ offsets }) =>
      Effect.as(
        Effect.sync(() => commit(committed, offsets)),
        {}
      ),
    committed: ({ keys }) =>
      Effect.sync(() => ({
        offsets: Object.fromEntries(
          keys.flatMap((key) => (committed.has(key) ? [[key, committed.get(key)!] as const] : []))
        )
      }))
  } satisfies Correct.Broker
}

const raise = (committed: Map<string, number>, offsets: Offsets) => {
  for (const [key, offset] of Object.entries(offsets)) {
    committed.set(key, Math.max(committed.get(key) ?? 0, offset))
  }
}

export const kafka: Scenario = {
  name: "kafka",
  workload: "kafka",
  options: {
    nodeCount: 2,
    concurrency: 4,
    rate: 200,
    timeLimit: "4 seconds",
    latency: "1 milli",
    recovery: "1 second",
    keyCount: 3,
    finalReads: true
  },
  control: Correct.layer,
  broken: [
    {
      bug: "swaps two records in the midst of a poll",
      finds: "int-nonmonotonic-poll",
      besides: ["int-poll-skip"],
      layer: polling((records) =>
        records.length < 4 ? records : [records[0]!, records[2]!, records[1]!, ...records.slice(3)]
      )
    },
    {
      bug: "acknowledges a record and loses it",
      finds: "lost-write",
      besides: ["commit-skip", "int-poll-skip", "poll-skip", "unseen"],
      layer: Correct.make((broker) => {
        const lost = new Set<string>()
        return {
          ...broker,
          send: (request) =>
            Effect.tap(broker.send(request), ({ offset }) =>
              sometimes(
                0.03,
                Effect.sync(() => lost.add(`${request.key} ${offset}`)),
                Effect.void
              )
            ),
          poll: (request) =>
            Effect.map(broker.poll(request), ({ msgs }) => ({
              msgs: Object.fromEntries(
                Object.entries(msgs).map(([key, records]) => [
                  key,
                  records.filter(([offset]) => !lost.has(`${key} ${offset}`))
                ])
              )
            }))
        }
      })
    },
    {
      bug: "now and then begins a poll one record too late",
      finds: "poll-skip",
      besides: ["commit-skip"],
      layer: polling((records) => (records.length > 1 ? records.slice(1) : records), 0.1)
    },
    {
      bug: "now and then leaves out a record in the middle of a poll",
      finds: "int-poll-skip",
      layer: polling((records) => records.filter((_, index) => index !== 1 || records.length < 3), 0.1)
    },
    {
      bug: "now and then polls from the beginning",
      finds: "nonmonotonic-poll",
      besides: ["poll-skip"],
      layer: Correct.make((broker) => ({
        ...broker,
        poll: (request) =>
          sometimes(
            0.05,
            broker.poll({ offsets: Object.fromEntries(Object.keys(request.offsets).map((key) => [key, 0])) }),
            broker.poll(request)
          )
      }))
    },
    {
      bug: "finds the next offset first and writes the record later, wherever others have written by then",
      finds: "inconsistent-offsets",
      besides: ["lost-write", "unseen"],
      layer: Correct.make((broker, logs) => ({
        ...broker,
        send: Effect.fnUntraced(function* ({ key, msg }) {
          const log = logs.get(key) ?? []
          logs.set(key, log)
          const offset = log.length
          yield* think
          log[offset] = msg
          return { offset }
        })
      }))
    },
    {
      bug: "now and then writes a record twice",
      finds: "duplicate",
      besides: ["int-nonmonotonic-poll", "int-poll-skip", "nonmonotonic-poll", "poll-skip"],
      layer: Correct.make((broker) => ({
        ...broker,
        send: (request) =>
          sometimes(0.03, Effect.andThen(broker.send(request), broker.send(request)), broker.send(request))
      }))
    },
    {
      bug: "gives new records offsets in front of older ones",
      finds: "nonmonotonic-send",
      besides: ["duplicate", "inconsistent-offsets", "int-poll-skip", "nonmonotonic-poll", "poll-skip"],
      layer: Correct.make((broker, logs) => ({
        ...broker,
        send: ({ key, msg }) =>
          Effect.sync(() => {
            const log = logs.get(key) ?? []
            const place = Math.max(0, log.length - 3)
            logs.set(key, log.toSpliced(place, 0, msg))
            return { offset: place }
          })
      }))
    },
    {
      bug: "takes the last record of a log for committed",
      finds: "phantom-commit",
      besides: ["commit-skip"],
      strict: true,
      layer: Correct.make((broker, logs) => ({
        ...broker,
        committed: ({ keys }) =>
          Effect.sync(() => ({ offsets: Object.fromEntries(keys.map((key) => [key, (logs.get(key) ?? []).length])) }))
      }))
    },
    {
      bug: "now and then acknowledges a commit and forgets it",
      finds: "lost-commit",
      besides: ["nonmonotonic-commit"],
      strict: true,
      layer: Correct.make((broker) => ({
        ...broker,
        commit: (request) => sometimes(0.1, Effect.succeed({}), broker.commit(request))
      }))
    },
    {
      bug: "takes the offset that was committed last, though it was lower than another",
      finds: "nonmonotonic-commit",
      besides: ["lost-commit"],
      strict: true,
      layer: Correct.make(
        commits((committed, offsets) => {
          for (const [key, offset] of Object.entries(offsets)) {
            committed.set(key, offset)
          }
        })
      )
    },
    {
      bug: "loses its committed offsets now and then",
      finds: "nonmonotonic-commit",
      besides: ["lost-commit"],
      strict: true,
      layer: Correct.make(
        commits((committed, offsets) => {
          if (Object.values(offsets).some((offset) => offset % 7 === 6)) {
            committed.clear()
          }
          raise(committed, offsets)
        })
      )
    },
    {
      bug: "remembers only those commits that it was told itself",
      finds: "lost-commit",
      strict: true,
      layer: Correct.make(commits(raise), commits(raise))
    }
  ]
}

export const durableLog: Scenario = {
  name: "kafka with a crash for good",
  workload: "kafka",
  options: {
    nodeCount: 3,
    concurrency: 12,
    rate: 200,
    timeLimit: "5 seconds",
    latency: "5 millis",
    nemesis: ["crash-for-good"],
    nemesisInterval: "2 seconds"
  },
  control: Layer.provide(replicated.layer, Layer.succeed(Durability, "replicated")),
  broken: [
    {
      bug: "acknowledges a record before another node has confirmed that it has it",
      finds: "unseen",
      layer: replicated.layer
    }
  ]
}
