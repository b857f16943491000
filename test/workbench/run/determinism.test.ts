import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { NodeLayer } from "../../../src/services/NodeProgram.ts"
import * as echo from "../../../src/challenges/echo/challenge.ts"
import * as sequentialIds from "../../../src/challenges/uniqueIds/sequential.ts"
import * as InProcessTest from "../../../src/workbench/run/InProcessTest.ts"
import * as Nemesis from "../../../src/workbench/nemesis/Nemesis.ts"
import * as TestOptions from "../../../src/workbench/run/TestOptions.ts"
import type { TestRecord } from "../../../src/workbench/run/TestProgram.ts"
import { type WorkloadName, workloads } from "../../../src/workbench/workloads/Workloads.ts"
import * as broadcast from "../nodes/reference/broadcast.ts"
import * as counter from "../nodes/reference/counter.ts"
import * as kafka from "../nodes/reference/kafka.ts"
import * as registers from "../nodes/reference/registers.ts"
import * as storedCounter from "../nodes/reference/storedCounter.ts"

const subjects: ReadonlyArray<{ readonly workload: WorkloadName; readonly node: NodeLayer }> = [
  { workload: "echo", node: echo.layer },
  { workload: "unique-ids", node: sequentialIds.layer },
  { workload: "broadcast", node: broadcast.layer },
  { workload: "g-counter", node: storedCounter.layer },
  { workload: "pn-counter", node: counter.layer },
  { workload: "kafka", node: kafka.layer },
  { workload: "txn-rw-register", node: registers.locked }
]

/** Everything that can go wrong, does. */
const options = TestOptions.make({
  nodeCount: 5,
  concurrency: 10,
  rate: 50,
  timeLimit: "6 seconds",
  latency: "20 millis",
  latencyDist: "exponential",
  nemesis: Nemesis.kinds,
  nemesisInterval: "1 second",
  faults: { loss: 0.05, duplicate: 0.1, reorder: 0.2 },
  recovery: "1 second"
})

const run = ({ node, workload }: (typeof subjects)[number], seed: string) =>
  InProcessTest.run(node, workloads[workload], { ...options, seed })

/** The parts of a record as texts, so that also the order of keys counts. */
const texts = ({ history, journal, logs }: TestRecord) => ({
  history: JSON.stringify(history),
  journal: JSON.stringify(journal),
  logs: JSON.stringify(logs)
})

describe.each(subjects)("a test of $workload", (subject) => {
  it.effect("is the same for the same seed, to the byte", () =>
    Effect.gen(function* () {
      const once = yield* run(subject, "a seed")
      const twice = yield* run(subject, "a seed")
      assert.isAbove(once.history.length, 100)
      assert.deepStrictEqual(texts(twice), texts(once))
    })
  )

  it.effect("does not depend on what else runs in the process", () =>
    Effect.gen(function* () {
      const alone = yield* run(subject, "a seed")
      const [among] = yield* Effect.all([run(subject, "a seed"), run(subject, "another"), run(subject, "a third")], {
        concurrency: "unbounded"
      })
      assert.deepStrictEqual(texts(among), texts(alone))
    })
  )

  it.effect("is another one for another seed", () =>
    Effect.gen(function* () {
      const one = texts(yield* run(subject, "a seed"))
      const other = texts(yield* run(subject, "another"))
      assert.notStrictEqual(other.history, one.history)
      assert.notStrictEqual(other.journal, one.journal)
    })
  )
})
