import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { NodeLayer } from "../../../src/services/NodeProgram.ts"
import { pairs } from "../../../src/workbench/history/History.ts"
import * as Evidence from "../../../src/workbench/run/Evidence.ts"
import * as InProcessTest from "../../../src/workbench/run/InProcessTest.ts"
import * as TestOptions from "../../../src/workbench/run/TestOptions.ts"
import { judge } from "../../../src/workbench/run/TestResult.ts"
import { type WorkloadName, workloads } from "../../../src/workbench/workloads/Workloads.ts"
import * as Broadcast from "../nodes/reference/broadcast.ts"
import * as Kafka from "../nodes/reference/kafka.ts"

/** The explanations of all that is wrong with a run, of which a node's loss of its memory is the only cause. */
const explain = Effect.fnUntraced(function* (
  layer: NodeLayer,
  workload: WorkloadName,
  nemesis: TestOptions.TestOptions["nemesis"],
  seed: number
) {
  const options = TestOptions.make({
    nodeCount: 3,
    concurrency: 6,
    rate: 50,
    timeLimit: "8 seconds",
    latency: "5 millis",
    recovery: "2 seconds",
    nemesis,
    nemesisInterval: "2 seconds",
    seed: String(seed)
  })
  const record = yield* InProcessTest.run(layer, workloads[workload], options)
  const { anomalies } = judge(workload, options, record)
  const counterparts = pairs(record.history)
  return Evidence.select(anomalies, { ...record, ...options }).map(({ faults = [], name, operations }) => {
    const times = operations.flatMap(({ time, ...of }) => [
      time,
      counterparts.get(record.history[of.index]!)?.time ?? time
    ])
    return { name, faults, begin: Math.min(...times), end: Math.max(...times) }
  })
})

const seeds = [0, 1, 2, 3, 4]

/** A node that tells the others of a value once and never again. */
const once = Broadcast.make({ repeat: () => Effect.void })

/** A node that tells nobody. */
const forgetful = Broadcast.make({
  alter: (replica) => ({ ...replica, broadcast: () => Effect.void }),
  repeat: () => Effect.void
})

describe("the explanation of a loss", () => {
  it.effect.each([
    { what: "values", workload: "broadcast" as const, layer: once },
    { what: "records", workload: "kafka" as const, layer: Kafka.layer }
  ])("names the crash of a node that took acknowledged $what with it", ({ layer, workload }) =>
    Effect.gen(function* () {
      const all = (yield* Effect.forEach(seeds, (seed) => explain(layer, workload, ["crash"], seed))).flat()
      assert.isAbove(all.length, 2)
      for (const { begin, end, faults, name } of all) {
        assert.isTrue(
          faults.some(({ description }) => description.endsWith("had crashed")),
          `${name}: ${JSON.stringify(faults)}`
        )
        for (const { from, to = Number.POSITIVE_INFINITY } of faults) {
          assert.isAtMost(from, end)
          assert.isAtLeast(to, begin)
        }
      }
    })
  )

  it.effect("names no fault where there was none", () =>
    Effect.gen(function* () {
      const all = (yield* Effect.forEach(seeds, (seed) => explain(forgetful, "broadcast", [], seed))).flat()
      assert.isNotEmpty(all)
      for (const { faults } of all) {
        assert.deepStrictEqual(faults, [])
      }
    })
  )
})

describe("the explanation of an offset that is one too high", () => {
  it.effect("shows the send, its reply with the offset, and the poll with another", () =>
    Effect.gen(function* () {
      const layer = Kafka.make((broker) => ({
        ...broker,
        send: (request) => Effect.map(broker.send(request), ({ offset }) => ({ offset: offset + 1 }))
      }))
      const options = TestOptions.make({ nodeCount: 1, concurrency: 5, rate: 200, timeLimit: "2 seconds" })
      const record = yield* InProcessTest.run(layer, workloads.kafka, options)
      const { anomalies } = judge("kafka", options, record)
      const evidence = Evidence.select(anomalies, { ...record, ...options }).find(({ name }) => name === "duplicate")!
      const [sent, polled] = evidence.operations
      const [[, key, [offset, msg]]] = sent!.value as [["send", string, [number, number]]]
      const [[, msgs]] = polled!.value as [["poll", unknown]]
      const shown = evidence.messages.map(({ message }) => message.body)
      assert.isTrue(shown.some((body) => body.type === "send" && body["key"] === key && body["msg"] === msg))
      assert.isTrue(shown.some((body) => body.type === "send_ok" && body["offset"] === offset))
      assert.deepInclude(
        shown.map((body) => body["msgs"]),
        msgs
      )
    })
  )
})
