import { assert, describe, it } from "@effect/vitest"
import type { Operation } from "../../../src/workbench/history/Operation.ts"
import * as FaultsInForce from "../../../src/workbench/nemesis/FaultsInForce.ts"
import * as Partition from "../../../src/workbench/nemesis/Partition.ts"
import { NodeId } from "../../../src/protocol/NodeId.ts"
import * as Seeds from "../../../src/workbench/simulation/Seeds.ts"
import { seconds } from "../testRuns.ts"

/** The entries of an action of the nemesis, which takes a second. */
const action = (f: string, begin: number, asked: unknown, done: unknown): ReadonlyArray<Operation> =>
  [asked, done].map((value, index) => ({
    index: 0,
    time: seconds(begin + index),
    type: "info",
    process: "nemesis",
    f,
    value
  }))

const faults = (nodes: ReadonlyArray<string>, ...actions: ReadonlyArray<ReadonlyArray<Operation>>) =>
  FaultsInForce.make(actions.flat())({ from: 0, to: Number.POSITIVE_INFINITY, nodes: new Set(nodes) })

const descriptions = (...given: Parameters<typeof faults>) => faults(...given).map(({ description }) => description)

const isolated = (grudge: { readonly [dest: string]: ReadonlyArray<string> }) =>
  action("start-partition", 1, "one", ["isolated", grudge])

const grudgeOf = (kind: Partition.PartitionKind, count: number) =>
  Partition.grudge(
    kind,
    Array.from({ length: count }, (_, index) => NodeId.make(`n${index}`)),
    Seeds.random("1", "test")
  )

const undirected = (pairs: ReadonlyArray<ReadonlyArray<string>>) =>
  [...new Set(pairs.map((pair) => pair.toSorted().join(" ")))].toSorted()

describe("faults in force", () => {
  it("last from when they were asked to begin until they had ended", () => {
    const crash = [
      action("start-crash", 2, "one", ["crashed", ["n1"]]),
      action("stop-crash", 5, null, ["restarted", ["n1"]]),
      action("start-crash", 8, "one", ["crashed", ["n2"]])
    ]
    assert.deepStrictEqual(faults([], ...crash), [
      { name: "crash", description: "n1 had crashed", nodes: ["n1"], from: seconds(2), to: seconds(6) },
      { name: "crash", description: "n2 had crashed", nodes: ["n2"], from: seconds(8) }
    ])
    const at = (from: number, to: number) =>
      FaultsInForce.make(crash.flat())({ from: seconds(from), to: seconds(to), nodes: new Set() }).length
    assert.deepStrictEqual(
      [at(0, 1), at(0, 2), at(3, 4), at(6, 7), at(7, 7.5), at(3, 9), at(20, 21)],
      [0, 1, 1, 1, 0, 2, 1]
    )
  })

  it("say of disks what their nodes could not do", () => {
    assert.deepStrictEqual(
      descriptions(
        [],
        action("start-disk", 1, "minority", ["unable to write to disk", ["n1"]]),
        action("stop-disk", 3, null, ["writing again", ["n1"]]),
        action("start-disk", 5, "minority", ["waiting for disk writes in vain", ["n0", "n2"]])
      ),
      ["n1 was unable to write to disk", "n0 and n2 were waiting for disk writes in vain"]
    )
  })

  it("last until the end of an action that was interrupted and taken up again", () => {
    const [interrupted] = action("stop-crash", 5, null, null)
    assert.deepStrictEqual(
      faults(
        [],
        action("start-crash", 2, "one", ["crashed", ["n1"]]),
        [interrupted!],
        action("stop-crash", 8, null, ["restarted", ["n1"]])
      ).map(({ from, to }) => [from, to]),
      [[seconds(2), seconds(9)]]
    )
  })

  it("leaves out those that struck nobody, and ends of none", () => {
    assert.deepStrictEqual(
      faults(
        [],
        action("stop-crash", 1, null, ["restarted", []]),
        action("start-crash", 3, "one", ["crashed", []]),
        action("stop-crash", 5, null, ["restarted", []]),
        action("start-partition", 7, "majorities-ring", ["isolated", { n0: [], n1: [] }])
      ),
      []
    )
  })

  it("say in words what was done to whom, whatever it is", () => {
    assert.deepStrictEqual(
      descriptions(
        [],
        action("start-pause", 1, "minority", ["paused", ["n0", "n3"]]),
        action("start-clock", 3, "one", ["skewed", { n2: { aheadMillis: 700 } }]),
        action("start-loss", 5, 0.5, 0.5),
        action("start-duplicate", 7, 0.5, 0.5)
      ),
      [
        "n0 and n3 were paused",
        "n2 was skewed",
        "messages between servers were lost with probability 0.5",
        "messages between servers arrived twice with probability 0.5"
      ]
    )
  })

  it("say who was cut off from whom, as far as it concerns the nodes that are looked at", () => {
    const split = isolated({ n0: ["n2"], n1: ["n2"], n2: ["n0", "n1"] })
    assert.deepStrictEqual(descriptions([], split), ["n2 was cut off from n0 and n1"])
    assert.deepStrictEqual(descriptions(["n0"], split), ["n0 was cut off from n2"])
    assert.deepStrictEqual(descriptions(["n0", "n2"], split), ["n0 was cut off from n2"])
    assert.deepStrictEqual(descriptions(["n0", "n1"], split), ["n2 was cut off from n0 and n1"])
    const oneWay = isolated({ n0: [], n1: ["n2"], n2: [] })
    assert.deepStrictEqual(descriptions([], oneWay), ["n1 was deaf to n2"])
  })

  it("name every cut link of each kind of partition once", () => {
    for (const kind of [...Partition.jepsenKinds, "one-way"] as const) {
      for (const count of [3, 5, 7]) {
        const grudge = grudgeOf(kind, count)
        const [description = ""] = descriptions([], isolated(grudge))
        const said = description.split("; ").flatMap((sentence) => {
          const [left = "", right = ""] = sentence.split(/ (?:was|were) (?:cut off from|deaf to) /)
          return (left.match(/n\d/g) ?? []).flatMap((dest) => (right.match(/n\d/g) ?? []).map((src) => [dest, src]))
        })
        const links = Object.entries(grudge).flatMap(([dest, sources]) => sources.map((src) => [dest, src]))
        assert.deepStrictEqual(undirected(said), undirected(links), `${kind} of ${count}: ${description}`)
      }
    }
  })
})
