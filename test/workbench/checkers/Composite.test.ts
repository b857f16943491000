import { assert, describe, it } from "@effect/vitest"
import { type Checker, defaults } from "../../../src/workbench/checkers/CheckOptions.ts"
import { check } from "../../../src/workbench/workloads/Workloads.ts"
import { composite } from "../../../src/workbench/checkers/Composite.ts"
import * as Verdict from "../../../src/workbench/checkers/Verdict.ts"
import { merge, type Validity } from "../../../src/workbench/checkers/Validity.ts"
import { tinyHistory } from "../history/tinyHistory.ts"

const saying =
  (validity: Validity): Checker =>
  () =>
    Verdict.make({ validity })

describe("Checkers", () => {
  it("joins the parts of a verdict under Maelstrom's names", () => {
    const history = tinyHistory([0, "invoke", "generate"], [0, "ok", "generate", 1])
    const { results, validity } = check("unique-ids", history)
    assert.isTrue(validity)
    assert.sameMembers(Object.keys(results), ["perf", "exceptions", "stats", "availability", "workload", "validity"])
  })

  it("is invalid if any part is, and gives the anomalies of that part", () => {
    const history = tinyHistory([0, "invoke", "generate"], [0, "ok", "generate", 1], [0, "invoke", "generate"])
    const verdict = check("unique-ids", history, { availability: "total" })
    assert.deepStrictEqual([verdict.validity, verdict.results.validity], [false, false])
    assert.deepStrictEqual(
      verdict.anomalies.map(({ name }) => name),
      ["unavailable"]
    )
  })

  it.each([
    ["unknown", [0, "ok", "read"], "unknown"],
    ["unknown", [0, "fail", "read"], false],
    [true, [0, "fail", "read"], false],
    [true, [0, "ok", "read"], true]
  ] as const)("is as valid as the worst part: a workload that is %s", (workload, entry, overall) => {
    const { results, validity } = composite({ check: saying(workload) })(tinyHistory(entry), defaults)
    assert.deepStrictEqual([validity, results.validity], [overall, overall])
  })

  it("merges validity so that false outweighs unknown, and unknown true", () => {
    assert.strictEqual(merge([]), true)
    assert.strictEqual(merge([true, "unknown", true]), "unknown")
    assert.strictEqual(merge(["unknown", false, true]), false)
  })
})
