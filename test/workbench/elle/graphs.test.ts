import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { closingEdges } from "../../../src/workbench/elle/ClosingEdges.ts"
import { findCycle, type Shape } from "../../../src/workbench/elle/CycleSearch.ts"
import { type Digraph, digraph, EdgeList, relationsBetween } from "../../../src/workbench/elle/Digraph.ts"
import { realtimeOrder } from "../../../src/workbench/elle/RealtimeOrder.ts"
import { Relation } from "../../../src/workbench/elle/Relation.ts"
import { cyclicComponents, strongComponents } from "../../../src/workbench/elle/StrongComponents.ts"
import { transactionHistory } from "../../../src/workbench/elle/Transaction.ts"
import { clientRuns, Steps } from "./clientRuns.ts"

const size = 6
const Vertex = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: size - 1 }))
const { ww, wr, rw, realtime } = Relation
const Edges = Schema.Array(Schema.Tuple([Vertex, Vertex, Schema.Literals([ww, wr, rw, rw, realtime])])).check(
  Schema.isMaxLength(12)
)

// The first relation given for an edge stays, and no edge leads from a vertex to itself.
const graphOf = (edges: typeof Edges.Type): Digraph => {
  const list = new EdgeList()
  const seen = new Set<string>()
  for (const [source, target, relation] of edges) {
    if (source !== target && !seen.has(`${source} ${target}`)) {
      seen.add(`${source} ${target}`)
      list.add(source, target, relation)
    }
  }
  return digraph(size, list)
}

const vertices = Array.from({ length: size }, (_, vertex) => vertex)

const reachable = (graph: Digraph, start: number): ReadonlySet<number> => {
  const reached = new Set([start])
  for (const vertex of reached) {
    for (const target of vertices.filter((other) => relationsBetween(graph, vertex, other) !== 0)) {
      reached.add(target)
    }
  }
  return reached
}

// The relations along every simple cycle.
const simpleCycles = (graph: Digraph): ReadonlyArray<ReadonlyArray<number>> => {
  const cycles: Array<ReadonlyArray<number>> = []
  const extend = (path: ReadonlyArray<number>) => {
    for (const next of vertices) {
      if (relationsBetween(graph, path.at(-1)!, next) === 0) {
        continue
      }
      if (next === path[0]) {
        cycles.push(relationsAlong(graph, path))
      } else if (next > path[0]! && !path.includes(next)) {
        extend([...path, next])
      }
    }
  }
  for (const start of vertices) {
    extend([start])
  }
  return cycles
}

const relationsAlong = (graph: Digraph, cycle: ReadonlyArray<number>): ReadonlyArray<number> =>
  cycle.map((vertex, index) => relationsBetween(graph, vertex, cycle[(index + 1) % cycle.length]!))

const count = (relations: ReadonlyArray<number>, relation: number): number =>
  relations.filter((other) => other === relation).length

const hasAdjacent = (relations: ReadonlyArray<number>): boolean =>
  relations.some((relation, index) => relation === rw && relations.at(index - 1) === rw)

const hasShape: { readonly [shape in Shape]: (relations: ReadonlyArray<number>) => boolean } = {
  G0: (relations) => count(relations, ww) === relations.length,
  G1c: (relations) => count(relations, ww) + count(relations, wr) === relations.length,
  "G-single-item": (relations) => count(relations, rw) === 1 && count(relations, realtime) === 0,
  "G-nonadjacent-item": (relations) =>
    count(relations, rw) > 0 && !hasAdjacent(relations) && count(relations, realtime) === 0,
  "G2-item": (relations) => count(relations, rw) > 0 && count(relations, realtime) === 0
}

describe("strong components", () => {
  it.prop("hold the vertices that reach each other, numbered against the edges", [Edges], ([edges]) => {
    const graph = graphOf(edges)
    const { componentOf } = strongComponents(graph)
    const reach = vertices.map((vertex) => reachable(graph, vertex))
    for (const left of vertices) {
      for (const right of vertices) {
        const together = reach[left]!.has(right) && reach[right]!.has(left)
        assert.strictEqual(componentOf[left] === componentOf[right], together)
        assert.isTrue(!reach[left]!.has(right) || componentOf[left]! >= componentOf[right]!)
      }
    }
  })

  it("are found along a path of a hundred thousand vertices", () => {
    const length = 100_000
    const edges = new EdgeList()
    for (let vertex = 0; vertex < length; vertex++) {
      edges.add(vertex, (vertex + 1) % length, ww)
    }
    assert.deepStrictEqual(
      cyclicComponents(digraph(length, edges)).map((component) => component.length),
      [length]
    )
  })
})

describe("closing edges", () => {
  it.prop("are those whose source can be reached from their target", [Edges, Edges], ([edges, candidates]) => {
    const graph = graphOf(edges)
    const pairs = candidates.map(([source, target]) => ({ source, target }))
    assert.sameDeepMembers(
      [...closingEdges(graph, pairs)],
      pairs.filter(({ source, target }) => reachable(graph, target).has(source))
    )
  })
})

describe("findCycle", () => {
  it.prop("finds a shortest cycle of a shape if there is one", [Edges], ([edges]) => {
    const graph = graphOf(edges)
    const cycles = simpleCycles(graph)
    for (const shape of ["G0", "G1c", "G-single-item", "G2-item"] as const) {
      const lengths = cycles.filter(hasShape[shape]).map((relations) => relations.length)
      const found = findCycle(graph, shape, 0)
      assert.strictEqual(found?.length ?? Infinity, Math.min(...lengths), shape)
      assert.isTrue(found === undefined || hasShape[shape](relationsAlong(graph, found)), shape)
    }
  })

  it.prop("finds nonadjacent anti-dependencies where nothing worse is", [Edges], ([edges]) => {
    const graph = graphOf(edges)
    const cycles = simpleCycles(graph)
    const found = findCycle(graph, "G-nonadjacent-item", 0)
    assert.isTrue(found === undefined || hasShape["G-nonadjacent-item"](relationsAlong(graph, found)))
    if (!cycles.some(hasShape.G1c)) {
      const isThere = cycles.some(hasShape["G-nonadjacent-item"])
      assert.strictEqual(found !== undefined, isThere)
    }
  })

  it.prop("uses an additional order only if asked to", [Edges], ([edges]) => {
    const graph = graphOf(edges)
    const withoutRealtime = simpleCycles(graph).filter((relations) => count(relations, realtime) === 0)
    assert.strictEqual(findCycle(graph, "G1c", 0) !== undefined, withoutRealtime.some(hasShape.G1c))
    assert.strictEqual(
      findCycle(graph, "G1c", realtime) !== undefined,
      simpleCycles(graph).some((relations) => count(relations, rw) === 0)
    )
  })
})

describe("realtimeOrder", () => {
  it.prop("gives pairs from which all pairs of transactions follow that did not overlap", [Steps], ([steps]) => {
    const { transactions } = transactionHistory(clientRuns(steps))
    const edges = new EdgeList()
    for (const [first, second] of realtimeOrder(transactions)) {
      edges.add(first.index, second.index, realtime)
    }
    const graph = digraph(transactions.length, edges)
    for (const first of transactions) {
      const reached = new Set([first.index])
      for (const index of reached) {
        for (let i = graph.offsets[index]!; i < graph.offsets[index + 1]!; i++) {
          reached.add(graph.targets[i]!)
        }
      }
      for (const second of transactions) {
        const precedes = first.status === "ok" && first.completion!.index < second.invocation.index
        assert.strictEqual(reached.has(second.index) && first !== second, precedes)
      }
    }
  })
})
