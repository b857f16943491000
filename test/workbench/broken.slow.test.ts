import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { NodeLayer } from "../../src/services/NodeProgram.ts"
import * as InProcessTest from "../../src/workbench/run/InProcessTest.ts"
import * as TestOptions from "../../src/workbench/run/TestOptions.ts"
import { judge } from "../../src/workbench/run/TestResult.ts"
import { workloads } from "../../src/workbench/workloads/Workloads.ts"
import type { BrokenNode, Scenario } from "./nodes/broken/BrokenNode.ts"
import { scenarios } from "./nodes/broken/scenarios.ts"

/** A bug that shows in none of so many runs counts as not found. */
const seedLimit = 20

/** How many runs every control has to pass, however soon bugs are found. */
const fewestSeeds = 5

/** Runs a test and returns what a judge says of it who is strict, or not. */
const run = Effect.fnUntraced(function* (scenario: Scenario, node: NodeLayer, seed: number) {
  const options = TestOptions.make({ ...scenario.options, seed: String(seed) })
  const record = yield* InProcessTest.run(node, workloads[scenario.workload], options)
  return (strict: boolean) => judge(scenario.workload, options, record, { strict })
})

/** Runs a broken node on one seed after the other until the bug shows. Returns how many seeds that took. */
const find = Effect.fnUntraced(function* (scenario: Scenario, broken: BrokenNode) {
  const { besides = [], finds, layer, strict = false } = broken
  const explained = new Set([finds, ...besides])
  for (let seed = 0; seed < seedLimit; seed++) {
    const judged = yield* run(scenario, layer, seed)
    const { anomalies, warnings, valid } = judged(true)
    assert.deepStrictEqual(
      [...anomalies, ...warnings].filter(({ name }) => !explained.has(name)),
      [],
      `seed ${seed} shows what the bug does not explain`
    )
    const found = (strict ? warnings : anomalies).find(({ name }) => name === finds)
    if (found !== undefined) {
      assert.isFalse(valid)
      assert.strictEqual(judged(false).valid, strict, "whether it takes a strict judge")
      assert.isNotEmpty(found.operations)
      return seed + 1
    }
  }
  return assert.fail(`${finds} is in none of ${seedLimit} runs`)
})

describe.each(scenarios)("$name", (scenario) => {
  let seeds = fewestSeeds

  for (const node of scenario.broken) {
    it.effect(`finds ${node.finds} in a node that ${node.bug}`, () =>
      Effect.gen(function* () {
        seeds = Math.max(seeds, yield* find(scenario, node))
      })
    )
  }

  for (const [name, node] of Object.entries({ "is correct": scenario.control, ...scenario.controls })) {
    it.effect(`finds nothing on the same seeds in a node that ${name}`, () =>
      Effect.gen(function* () {
        for (let seed = 0; seed < seeds; seed++) {
          const { anomalies, warnings, valid } = (yield* run(scenario, node, seed))(true)
          assert.deepStrictEqual(
            { valid, anomalies, warnings },
            { valid: true, anomalies: [], warnings: [] },
            `seed ${seed}`
          )
        }
      })
    )
  }
})
