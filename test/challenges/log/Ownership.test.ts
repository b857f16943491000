import { assert, describe, it } from "@effect/vitest"
import * as Ownership from "../../../src/challenges/log/Ownership.ts"
import { NodeId } from "../../../src/protocol/NodeId.ts"

const nodeIds = (count: number) => Array.from({ length: count }, (_, index) => NodeId.make(`n${index}`))

const keys = Array.from({ length: 10_000 }, (_, index) => String(index))

const loads = (owners: ReadonlyArray<NodeId>) =>
  [...Map.groupBy(owners, (owner) => owner).values()].map((of) => of.length)

describe("Ownership", () => {
  it.each([2, 3, 4, 5, 6, 7])("is spread evenly over %d nodes, whatever keys look like", (count) => {
    for (const shape of [(key: string) => key, (key: string) => `key-${key}`, (key: string) => `${key}:orders/eu`]) {
      const of = loads(keys.map((key) => Ownership.rendezvous(nodeIds(count))(shape(key))))
      assert.strictEqual(of.length, count)
      const fair = keys.length / count
      // Four standard deviations of a fair draw.
      const room = 4 * Math.sqrt(fair * (1 - 1 / count))
      for (const load of of) {
        assert.approximately(load, fair, room)
      }
    }
  })

  it("is the same at all nodes, in whatever order they were told of each other", () => {
    const ids = nodeIds(5)
    const here = Ownership.rendezvous(ids)
    const there = Ownership.rendezvous(ids.toReversed())
    for (const key of [...keys.slice(0, 1_000), "", "ключ", "🙂"]) {
      assert.strictEqual(here(key), there(key))
    }
  })

  it("moves to a node that is added, from all others alike, and nowhere else", () => {
    const before = Ownership.rendezvous(nodeIds(4))
    const after = Ownership.rendezvous(nodeIds(5))
    const moved = keys.filter((key) => before(key) !== after(key))
    assert.isTrue(moved.every((key) => after(key) === NodeId.make("n4")))
    assert.approximately(moved.length, keys.length / 5, 160)
    for (const load of loads(moved.map(before))) {
      assert.approximately(load, keys.length / 20, 90)
    }
  })

  it("is the first node's where there is a leader", () => {
    const ownerOf = Ownership.leader(nodeIds(3))
    assert.deepStrictEqual(new Set(keys.map(ownerOf)), new Set([NodeId.make("n0")]))
  })
})
