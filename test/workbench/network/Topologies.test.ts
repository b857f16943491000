import { assert, describe, it } from "@effect/vitest"
import { NodeId } from "../../../src/protocol/NodeId.ts"
import { type Topology, topologies } from "../../../src/workbench/network/Topologies.ts"

/** Each node's neighbours as a text of numbers. */
const neighbours = (topology: Topology, count: number): { readonly [node: string]: string } =>
  Object.fromEntries(
    Object.entries(topologies[topology](Array.from({ length: count }, (_, index) => NodeId.make(`n${index}`)))).map(
      ([node, others]) => [node, others.map((other) => other.slice(1)).join(" ")]
    )
  )

const names = ["line", "grid", "tree", "tree2", "tree3", "tree4", "total"] as const

describe("Topologies", () => {
  it("give a single node no neighbours, and none at all in a line", () => {
    for (const name of names) {
      assert.deepStrictEqual(neighbours(name, 1), name === "line" ? {} : { n0: "" })
    }
  })

  it("make two nodes neighbours", () => {
    for (const name of names) {
      assert.deepStrictEqual(neighbours(name, 2), { n0: "1", n1: "0" })
    }
  })

  it("arrange five nodes", () => {
    assert.deepStrictEqual(neighbours("line", 5), { n0: "1", n1: "0 2", n2: "1 3", n3: "2 4", n4: "3" })
    assert.deepStrictEqual(neighbours("grid", 5), { n0: "3 1", n1: "4 2 0", n2: "1", n3: "0 4", n4: "1 3" })
    assert.deepStrictEqual(neighbours("tree2", 5), { n0: "1 2", n1: "0 3 4", n2: "0", n3: "1", n4: "1" })
    assert.deepStrictEqual(neighbours("tree3", 5), { n0: "1 2 3", n1: "0 4", n2: "0", n3: "0", n4: "1" })
    assert.deepStrictEqual(neighbours("tree4", 5), { n0: "1 2 3 4", n1: "0", n2: "0", n3: "0", n4: "0" })
    assert.deepStrictEqual(neighbours("total", 5), {
      n0: "1 2 3 4",
      n1: "0 2 3 4",
      n2: "0 1 3 4",
      n3: "0 1 2 4",
      n4: "0 1 2 3"
    })
  })

  it("arrange 25 nodes in a square", () => {
    const grid = neighbours("grid", 25)
    assert.deepStrictEqual(
      [
        grid["n0"],
        grid["n2"],
        grid["n4"],
        grid["n10"],
        grid["n12"],
        grid["n14"],
        grid["n20"],
        grid["n22"],
        grid["n24"]
      ],
      ["5 1", "7 3 1", "9 3", "15 5 11", "17 7 13 11", "19 9 13", "15 21", "17 23 21", "19 23"]
    )
    assert.strictEqual(Object.keys(grid).length, 25)
  })

  it("arrange 25 nodes in trees of two, three and four branches", () => {
    assert.deepStrictEqual(neighbours("tree", 25), neighbours("tree2", 25))
    const [tree2, tree3, tree4] = [neighbours("tree2", 25), neighbours("tree3", 25), neighbours("tree4", 25)]
    assert.deepStrictEqual(
      [tree2["n0"], tree2["n3"], tree2["n10"], tree2["n11"], tree2["n12"], tree2["n24"]],
      ["1 2", "1 7 8", "4 21 22", "5 23 24", "5", "11"]
    )
    assert.deepStrictEqual(
      [tree3["n0"], tree3["n2"], tree3["n7"], tree3["n8"], tree3["n24"]],
      ["1 2 3", "0 7 8 9", "2 22 23 24", "2", "7"]
    )
    assert.deepStrictEqual(
      [tree4["n0"], tree4["n1"], tree4["n5"], tree4["n6"], tree4["n24"]],
      ["1 2 3 4", "0 5 6 7 8", "1 21 22 23 24", "1", "5"]
    )
  })

  it("arrange 25 nodes in a line, and everyone next to everyone", () => {
    const line = neighbours("line", 25)
    assert.deepStrictEqual([line["n0"], line["n12"], line["n24"]], ["1", "11 13", "23"])
    const total = neighbours("total", 25)
    assert.strictEqual(total["n12"], "0 1 2 3 4 5 6 7 8 9 10 11 13 14 15 16 17 18 19 20 21 22 23 24")
  })

  it("link nodes in both directions", () => {
    for (const name of names) {
      for (let count = 1; count <= 30; count++) {
        const links = Object.entries(neighbours(name, count)).flatMap(([node, others]) =>
          others === "" ? [] : others.split(" ").map((other) => [node.slice(1), other] as const)
        )
        const known = new Set(links.map(([node, other]) => `${node} ${other}`))
        assert.isTrue(links.every(([node, other]) => known.has(`${other} ${node}`)))
        assert.strictEqual(known.size, links.length)
      }
    }
  })
})
