import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { ChallengeLayer } from "../../src/challenges/Challenge.ts"
import * as InProcessTest from "../../src/workbench/InProcessTest.ts"
import { defaults, type TestOptions } from "../../src/workbench/TestOptions.ts"
import { judge } from "../../src/workbench/TestResult.ts"
import { workloads } from "../../src/workbench/workloads/Workloads.ts"
import type { BrokenNode, Scenario } from "./nodes/broken/BrokenNode.ts"
import { scenarios } from "./nodes/broken/scenarios.ts"

/** A bug that shows in none of so many runs counts as not found. */
const seedLimit = 20

/** How many runs every control has to pass, however soon bugs are found. */
const fewestSeeds = 5

/** What a strict judge says of a test. `valid` is the verdict of one that is not strict. */
const run = Effect.fnUntraced(function* (scenario: Scenario, node: ChallengeLayer, seed: number) {
  const options: TestOptions = { ...defaults, ...scenario.options, seed: String(seed) }
  const record = yield* InProcessTest.run(node, workloads[scenario.workload], options)
  const { evidence, findings, valid } = judge(scenario.workload, options, record, { strict: false })
  return { valid, evidence: names(evidence), findings: names(findings) }
})

const names = (all: ReadonlyArray<{ readonly name: string }>) => [...new Set(all.map(({ name }) => name))]

/** Runs a broken node on one seed after the other until the bug shows. Returns how many seeds that took. */
const find = Effect.fnUntraced(function* (scenario: Scenario, { besides = [], finds, layer, strict }: BrokenNode) {
  const expected = new Set([finds, ...besides])
  for (let seed = 0; seed < seedLimit; seed++) {
    const { evidence, findings, valid } = yield* run(scenario, layer, seed)
    assert.deepStrictEqual(
      [...evidence, ...findings].filter((name) => !expected.has(name)),
      [],
      `seed ${seed} shows what the bug does not explain`
    )
    if ((strict === true ? findings : evidence).includes(finds)) {
      assert.strictEqual(valid, strict === true, strict === true ? "only a strict judge sees it" : "it is invalid")
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

  it.effect("finds nothing in a correct node on the same seeds", () =>
    Effect.gen(function* () {
      for (let seed = 0; seed < seeds; seed++) {
        assert.deepStrictEqual(
          yield* run(scenario, scenario.control, seed),
          { valid: true, evidence: [], findings: [] },
          `seed ${seed}`
        )
      }
    })
  )
})
