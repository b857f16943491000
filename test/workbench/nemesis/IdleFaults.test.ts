import { assert, describe, it } from "@effect/vitest"
import type { Operation } from "../../../src/workbench/history/Operation.ts"
import { idleFaults } from "../../../src/workbench/nemesis/IdleFaults.ts"

const history = (...entries: ReadonlyArray<readonly [f: string, value: unknown]>): ReadonlyArray<Operation> =>
  entries.map(([f, value], index) => ({ index, time: index, type: "info", process: "nemesis", f, value }))

const idlePartition = [
  ["start-partition", "minority-third"],
  ["start-partition", ["isolated", { n0: [], n1: [] }]],
  ["stop-partition", null],
  ["stop-partition", "network-healed"]
] as const

describe("IdleFaults", () => {
  it("names a fault that never struck anybody", () => {
    assert.deepStrictEqual(idleFaults([]), [])
    assert.deepStrictEqual(idleFaults(history(...idlePartition)), ["partition"])
    assert.deepStrictEqual(
      idleFaults(history(...idlePartition, ["start-crash", "one"], ["start-crash", ["crashed", []]])),
      ["partition", "crash"]
    )
  })

  it.each([
    { name: "a link that is cut", entry: ["start-partition", ["isolated", { n0: ["n1"], n1: [] }]] },
    { name: "a node that ends", entry: ["start-partition", ["crashed", ["n1"]]] },
    { name: "a clock that is set", entry: ["start-partition", ["skewed", { n1: { aheadMillis: 0, driftPpm: 1 } }]] },
    { name: "a disk that fails", entry: ["start-partition", ["unable to write to disk", ["n1"]]] },
    { name: "a probability", entry: ["start-partition", 0.5] }
  ] as const)("takes $name for a strike, once being enough", ({ entry }) => {
    assert.deepStrictEqual(idleFaults(history(...idlePartition, entry, ...idlePartition)), [])
  })

  it("takes no end of a fault for a strike", () => {
    const entries = history(...idlePartition, ["stop-partition", ["isolated", { n0: ["n1"] }]])
    assert.deepStrictEqual(idleFaults(entries), ["partition"])
  })
})
