import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { NodeId } from "../../../src/protocol/NodeId.ts"
import * as Partition from "../../../src/workbench/nemesis/Partition.ts"
import * as Seeds from "../../../src/workbench/simulation/Seeds.ts"

const Count = Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 12 }))
const Cluster = [Schema.String, Count] as const

const cluster = (count: number) => Array.from({ length: count }, (_, index) => NodeId.make(`n${index}`))

const draw = (kind: Partition.PartitionKind, seed: string, count: number): Partition.Grudge =>
  Partition.grudge(kind, cluster(count), Seeds.random(seed, "nemesis"))

const hears = (grudge: Partition.Grudge, dest: string, src: string) => !grudge[dest]!.includes(NodeId.make(src))

/** The nodes in groups of those that hear the same others, smallest first. */
const components = (grudge: Partition.Grudge) =>
  [...Map.groupBy(Object.keys(grudge), (dest) => grudge[dest]!.join(" ")).values()].toSorted(
    (left, right) => left.length - right.length
  )

const assertSplit = (grudge: Partition.Grudge, groups: ReadonlyArray<ReadonlyArray<string>>) => {
  for (const group of groups) {
    for (const dest of group) {
      for (const src of Object.keys(grudge)) {
        assert.strictEqual(hears(grudge, dest, src), group.includes(src))
      }
    }
  }
}

describe("Partition", () => {
  it.prop("isolates one node from all others", [...Cluster], ([seed, count]) => {
    const grudge = draw("one", seed, count)
    const loner = Object.keys(grudge).find((node) => grudge[node]!.length === count - 1)!
    assertSplit(grudge, [[loner], Object.keys(grudge).filter((node) => node !== loner)])
  })

  it.prop("splits off the smaller half as a majority's minority", [...Cluster], ([seed, count]) => {
    const grudge = draw("majority", seed, count)
    const groups = count === 2 ? [["n0"], ["n1"]] : components(grudge)
    assertSplit(grudge, groups)
    assert.deepStrictEqual(
      groups.map((group) => group.length),
      count === 1 ? [1] : [Math.floor(count / 2), Math.ceil(count / 2)]
    )
  })

  it.prop("splits off less than a third, as many as there can be", [...Cluster], ([seed, count]) => {
    const grudge = draw("minority-third", seed, count)
    const groups = components(grudge)
    assertSplit(grudge, groups)
    const cutOff = groups.length === 1 ? 0 : groups[0]!.length
    assert.isBelow(cutOff, count / 3)
    assert.isAtLeast(cutOff + 1, count / 3)
  })

  it.prop("lets every node of a ring of majorities hear a majority", [...Cluster], ([seed, count]) => {
    const grudge = draw("majorities-ring", seed, count)
    assert.deepStrictEqual(Object.keys(grudge), cluster(count))
    const majorities = cluster(count).map((dest) => cluster(count).filter((src) => hears(grudge, dest, src)))
    for (const [index, majority] of majorities.entries()) {
      assert.include(majority, `n${index}`)
      assert.isAbove(majority.length, count / 2)
    }
    // Rings of up to five nodes are perfect: all majorities are as small as can be, and no two the same.
    if (count <= 5 && count > 2) {
      assert.isTrue(majorities.every((majority) => majority.length === Math.floor(count / 2) + 1))
      assert.strictEqual(new Set(majorities.map((majority) => majority.join(" "))).size, count)
    }
    if (count > 5) {
      for (const dest of cluster(count)) {
        for (const src of cluster(count)) {
          assert.strictEqual(hears(grudge, dest, src), hears(grudge, src, dest))
        }
      }
      assert.isTrue(majorities.some((majority) => majority.length < count))
    }
  })

  it.prop("lets one half hear the other, and not the other way round", [...Cluster], ([seed, count]) => {
    const grudge = draw("one-way", seed, count)
    const deaf = Object.keys(grudge).filter((node) => grudge[node]!.length > 0)
    for (const dest of Object.keys(grudge)) {
      for (const src of Object.keys(grudge)) {
        assert.strictEqual(hears(grudge, dest, src), !deaf.includes(dest) || deaf.includes(src))
      }
    }
    assert.include([Math.floor(count / 2), count === 1 ? 0 : Math.ceil(count / 2)], deaf.length)
  })

  it("draws other nodes under other seeds", () => {
    for (const kind of [...Partition.jepsenKinds, "one-way"] as const) {
      const drawn = Array.from({ length: 20 }, (_, seed) => JSON.stringify(draw(kind, String(seed), 5)))
      assert.isAbove(new Set(drawn).size, 3)
    }
  })

  it.prop("says of every kind whether it cuts a link between so many nodes", [...Cluster], ([seed, count]) => {
    for (const kind of [...Partition.jepsenKinds, "one-way"] as const) {
      const cut = Object.values(draw(kind, seed, count)).some((sources) => sources.length > 0)
      assert.strictEqual(Partition.cuts(kind, count), cut, kind)
    }
  })
})
