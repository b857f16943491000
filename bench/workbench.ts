/**
 * `npm run bench -- workbench`: how fast the workbench simulates.
 *
 * The setting is that of challenge 3e (25 nodes, 100 ms per hop, 100 operations per second for 20 s, 10 s of quiet and
 * final reads) with the simplest broadcast there is, which passes every new value on to all neighbours, and with our
 * own.
 */
import { Clock, Console, Duration, Effect } from "effect"
import { Command } from "effect/cli"
import type { NodeLayer } from "../src/services/NodeProgram.ts"
import { direct } from "../src/challenges/broadcast/challenge.ts"
import * as flood from "../src/challenges/broadcast/published/flood.ts"
import { official } from "../src/challenges/Official.ts"
import * as Table from "../src/cli/report/Table.ts"
import * as InProcessTest from "../src/workbench/run/InProcessTest.ts"
import * as TestOptions from "../src/workbench/run/TestOptions.ts"
import { workloads } from "../src/workbench/workloads/Workloads.ts"
import { summary } from "./Summary.ts"

export const workbench = Command.make("workbench", {}, () =>
  Effect.gen(function* () {
    const rows = yield* Effect.forEach(
      [
        ["flooding along the grid", flood.layer],
        ["straight to every node", direct]
      ] as const,
      ([name, layer]) => measure(name, layer)
    )
    yield* Console.log(`3e's setting in one process, ${runs} runs after a warm-up, min/median/max\n`)
    yield* Console.log(Table.render(["nodes", "messages", "wall clock, s", "messages per second"], rows))
  })
).pipe(Command.withDescription("Measure how fast the workbench simulates"))

const runs = 5

const { latency, nodeCount, rate, timeLimit } = official["3e"].flags

const options = TestOptions.make({
  nodeCount,
  concurrency: nodeCount,
  rate,
  timeLimit: Duration.seconds(timeLimit),
  latency: Duration.millis(latency)
})

const measure = Effect.fnUntraced(function* (name: string, layer: NodeLayer) {
  const once = Effect.gen(function* () {
    const began = yield* Clock.monotonicTimeNanos
    const { journal } = yield* InProcessTest.run(layer, workloads.broadcast, options)
    const ended = yield* Clock.monotonicTimeNanos
    return { messages: journal.filter(({ event }) => event === "send").length, seconds: Number(ended - began) / 1e9 }
  })
  yield* once
  const measured = yield* Effect.replicateEffect(once, runs)
  const { max, median, min } = summary(measured.map(({ seconds }) => seconds))
  const { messages } = measured[0]!
  const times = [min, median, max].map((seconds) => seconds.toFixed(2)).join(" / ")
  return [name, messages.toLocaleString("en"), times, Math.round(messages / median).toLocaleString("en")]
})
