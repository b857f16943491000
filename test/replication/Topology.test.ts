import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { NodeId } from "../../src/protocol/NodeId.ts"
import * as Topology from "../../src/replication/Topology.ts"

const nodes = (size: number) => Array.from({ length: size }, (_, index) => NodeId.make(`n${index}`))

/** The role of every node, where `suspected` are out of reach for all. */
const roles = (topology: Topology.Topology, size: number, suspected: ReadonlyArray<string> = []) =>
  nodes(size).map((self) => topology({ self, nodeIds: nodes(size), isSuspected: (node) => suspected.includes(node) }))

const targets = (topology: Topology.Topology, size: number, suspected?: ReadonlyArray<string>) =>
  roles(topology, size, suspected).map(({ targets }) => targets.map((node) => Number(node.slice(1))))

/** How many hops from each node the farthest one is, and `Infinity` where one is not reached. */
const eccentricities = (topology: Topology.Topology, size: number) => {
  const all = roles(topology, size)
  return all.map((_, start) => {
    const distance = new Map([[start, 0]])
    for (const [index, hops] of distance) {
      if (hops > 0 && !all[index]!.relays) {
        continue
      }
      for (const target of all[index]!.targets) {
        const next = Number(target.slice(1))
        if (!distance.has(next)) {
          distance.set(next, hops + 1)
        }
      }
    }
    return distance.size === size ? Math.max(...distance.values()) : Number.POSITIVE_INFINITY
  })
}

const Size = Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 40 }))
const Branches = Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 6 }))

describe("Topology", () => {
  it.effect.prop(
    "reaches every node from every node, and no node sends to itself",
    [Size, Branches],
    ([size, branches]) =>
      Effect.sync(() => {
        for (const topology of [Topology.direct, Topology.star, Topology.tree(branches), Topology.ring]) {
          assert.isTrue(eccentricities(topology, size).every(Number.isFinite))
          for (const [self, all] of targets(topology, size).entries()) {
            assert.notInclude(all, self)
            assert.strictEqual(new Set(all).size, all.length)
          }
        }
      })
  )

  it.effect.prop("has no one-way edges in trees and rings", [Size, Branches], ([size, branches]) =>
    Effect.sync(() => {
      for (const topology of [Topology.tree(branches), Topology.ring]) {
        const all = targets(topology, size)
        for (const [self, others] of all.entries()) {
          for (const other of others) {
            assert.include(all[other]!, self)
          }
        }
      }
    })
  )

  it("takes one hop directly, and two through the hub of a star", () => {
    assert.deepStrictEqual(new Set(eccentricities(Topology.direct, 9)), new Set([1]))
    assert.deepStrictEqual(eccentricities(Topology.star, 9), [1, 2, 2, 2, 2, 2, 2, 2, 2])
  })

  it("fills a tree tier by tier", () => {
    assert.deepStrictEqual(targets(Topology.tree(2), 6), [[1, 2], [0, 3, 4], [0, 5], [1], [1], [2]])
  })

  it("is a circle also where it is small", () => {
    assert.deepStrictEqual(targets(Topology.ring, 1), [[]])
    assert.deepStrictEqual(targets(Topology.ring, 2), [[1], [0]])
    assert.deepStrictEqual(targets(Topology.ring, 4), [
      [1, 3],
      [2, 0],
      [3, 1],
      [0, 2]
    ])
  })

  it("makes the first node that can be reached the hub", () => {
    assert.deepStrictEqual(targets(Topology.star, 4), [[1, 2, 3], [0], [0], [0]])
    assert.deepStrictEqual(targets(Topology.star, 4, ["n0"]), [[1, 2, 3], [0, 2, 3], [1], [1]])
    assert.deepStrictEqual(targets(Topology.star, 4, ["n0", "n1", "n2", "n3"])[3], [0, 1, 2])
  })

  it("can do without a node only where there is another to take its place", () => {
    assert.deepStrictEqual(
      roles(Topology.star, 3).map(({ replaceable }) => replaceable),
      [false, true, true]
    )
    for (const topology of [Topology.direct, Topology.tree(2), Topology.ring]) {
      assert.isTrue(roles(topology, 3).every(({ replaceable }) => !replaceable))
    }
  })

  it("asks for the neighbours anew each time", () => {
    let given: ReadonlyArray<NodeId> = []
    const topology = Topology.neighbours(() => given)
    assert.deepStrictEqual(targets(topology, 2), [[], []])
    given = nodes(2).slice(1)
    assert.deepStrictEqual(targets(topology, 2)[0], [1])
  })
})
