/**
 * Searches for short cycles of a given shape.
 */
import { closingEdges, type Edge } from "./ClosingEdges.ts"
import { type Digraph, EdgeList, digraph, induced, mapRelations } from "./Digraph.ts"
import { Relation } from "./Relation.ts"
import { cyclicComponents, strongComponents } from "./StrongComponents.ts"

/**
 * Which cycles to look for, by the kinds of data dependencies in them.
 *
 * - `G0`: writes only.
 * - `G1c`: writes and reads, but no anti-dependency.
 * - `G-single-item`: exactly one anti-dependency.
 * - `G-nonadjacent-item`: one anti-dependency or more, no two in a row.
 * - `G2-item`: one anti-dependency or more.
 */
export const shapes = ["G0", "G1c", "G-single-item", "G-nonadjacent-item", "G2-item"] as const
export type Shape = (typeof shapes)[number]

/**
 * A cycle of a shape as its vertices in order, the first not repeated at the end, or `undefined` if there is none.
 *
 * The edges of the graph must have one relation each; those of `additional` (0 for none) can be used in every shape.
 * The cycle is the shortest one unless the graph is so large that this takes too long to find out. That there is one is
 * always found out, except that nonadjacent anti-dependencies may be missed in a graph that has a `G1c` cycle as well.
 */
export const findCycle = (graph: Digraph, shape: Shape, additional: number): ReadonlyArray<number> | undefined => {
  if (shape === "G0") {
    return plainCycle(restricted(graph, Relation.ww | additional))
  }
  const forward = restricted(graph, Relation.ww | Relation.wr | additional)
  if (shape === "G1c") {
    return plainCycle(forward)
  }
  const antiDependencies = edgesOf(restricted(graph, Relation.rw))
  if (antiDependencies.length === 0) {
    return undefined
  }
  if (shape === "G2-item") {
    const whole = restricted(graph, Relation.ww | Relation.wr | Relation.rw | additional)
    return shortestClosure(whole, withinComponents(whole, antiDependencies))
  }
  const product = nonadjacentProduct(forward, antiDependencies)
  const hops = antiDependencies.map(({ source, target }) => ({ source: 2 * source, target: 2 * target + 1 }))
  const closable = withinComponents(product, hops)
  if (shape === "G-nonadjacent-item") {
    return shortestClosure(product, closable, isSimple)?.map((state) => state >> 1)
  }
  const candidates = closable.map(({ source, target }) => ({ source: source >> 1, target: target >> 1 }))
  return shortestClosure(forward, closingEdges(forward, candidates))
}

/**
 * The product graph that forbids two rw edges in a row: its paths are those over the edges of `forward` and the given
 * anti-dependencies. It has every vertex twice, 2v for a path that came to v over an edge of `forward`, and 2v + 1,
 * from which no anti-dependency leads on, for one that came over an anti-dependency.
 */
export const nonadjacentProduct = (forward: Digraph, antiDependencyHops: ReadonlyArray<Edge>): Digraph => {
  const edges = new EdgeList()
  for (const { source, target } of edgesOf(forward)) {
    edges.add(2 * source, 2 * target, 1)
    edges.add(2 * source + 1, 2 * target, 1)
  }
  for (const { source, target } of antiDependencyHops) {
    edges.add(2 * source, 2 * target + 1, 1)
  }
  return digraph(2 * forward.size, edges)
}

/** The same cycle from its lowest vertex on. */
export const fromLowest = (cycle: ReadonlyArray<number>): ReadonlyArray<number> => {
  const start = cycle.indexOf(cycle.reduce((lowest, vertex) => Math.min(lowest, vertex), Infinity))
  return [...cycle.slice(start), ...cycle.slice(0, start)]
}

/** The vertices of a shortest path from `start` to `goal`; empty if there is none. */
export const shortestPath = (graph: Digraph, start: number, goal: number): ReadonlyArray<number> =>
  new PathSearch(graph).shortest(start, goal, graph.size) ?? []

/** All edges of a graph. */
export const edgesOf = ({ size, offsets, targets }: Digraph): ReadonlyArray<Edge> => {
  const edges: Array<Edge> = []
  for (let source = 0; source < size; source++) {
    for (let i = offsets[source]!; i < offsets[source + 1]!; i++) {
      edges.push({ source, target: targets[i]! })
    }
  }
  return edges
}

/** A graph with only the given relations. */
export const restricted = (graph: Digraph, mask: number): Digraph =>
  mapRelations(graph, (relations) => relations & mask)

/** A short cycle in a graph, whatever its edges. */
export const plainCycle = (graph: Digraph): ReadonlyArray<number> | undefined => {
  const loop = edgesOf(graph).find(({ source, target }) => source === target)
  if (loop !== undefined) {
    return [loop.source]
  }
  let best: ReadonlyArray<number> | undefined
  for (const component of cyclicComponents(graph)) {
    const part = induced(graph, component)
    const cycle = shortestClosure(part, edgesOf(part))?.map((vertex) => component[vertex]!)
    if (cycle !== undefined && (best === undefined || cycle.length < best.length)) {
      best = cycle
    }
  }
  return best
}

// A path may pass a vertex once in each of its two states; a cycle must not.
const isSimple = (path: ReadonlyArray<number>): boolean => new Set(path.map((state) => state >> 1)).size === path.length

// Edges that lie on a cycle.
const withinComponents = (graph: Digraph, edges: ReadonlyArray<Edge>): ReadonlyArray<Edge> => {
  const { componentOf } = strongComponents(graph)
  return edges.filter(({ source, target }) => componentOf[source] === componentOf[target])
}

// How many edges to look at in search of ever shorter cycles: some tenths of a second.
const effort = 10_000_000

/** The shortest cycle out of one of the given edges and a path in the graph. Such a path exists for each of them. */
const shortestClosure = (
  graph: Digraph,
  closers: ReadonlyArray<Edge>,
  isAcceptable: (path: ReadonlyArray<number>) => boolean = () => true
): ReadonlyArray<number> | undefined => {
  const search = new PathSearch(graph)
  let best: ReadonlyArray<number> | undefined
  for (const { source, target } of closers) {
    if (best?.length === 2 || search.effort > effort) {
      break
    }
    const path = search.shortest(target, source, best === undefined ? graph.size : best.length - 1)
    if (path !== undefined && isAcceptable(path)) {
      best = path
    }
  }
  return best
}

/** Breadth-first search with its tables allocated once. `effort` counts the edges that were looked at. */
class PathSearch {
  readonly #graph: Digraph
  readonly #previous: Int32Array
  readonly #seenIn: Int32Array
  readonly #queue: Int32Array
  #round = 0
  effort = 0

  constructor(graph: Digraph) {
    this.#graph = graph
    this.#previous = new Int32Array(graph.size)
    this.#seenIn = new Int32Array(graph.size)
    this.#queue = new Int32Array(graph.size)
  }

  /** The vertices of a shortest path from `start` to `goal`, if it has at most `limit` of them. */
  shortest(start: number, goal: number, limit: number): ReadonlyArray<number> | undefined {
    const { offsets, targets } = this.#graph
    const round = ++this.#round
    this.#seenIn[start] = round
    this.#queue[0] = start
    let head = 0
    let tail = 1
    let levelEnd = 1
    let length = 1
    while (head < tail && length <= limit) {
      const vertex = this.#queue[head++]!
      if (vertex === goal) {
        return this.#pathBack(start, goal)
      }
      for (let i = offsets[vertex]!; i < offsets[vertex + 1]!; i++) {
        const target = targets[i]!
        this.effort++
        if (this.#seenIn[target] !== round) {
          this.#seenIn[target] = round
          this.#previous[target] = vertex
          this.#queue[tail++] = target
        }
      }
      if (head === levelEnd) {
        levelEnd = tail
        length++
      }
    }
    return undefined
  }

  #pathBack(start: number, goal: number): ReadonlyArray<number> {
    const path = [goal]
    for (let vertex = goal; vertex !== start;) {
      vertex = this.#previous[vertex]!
      path.push(vertex)
    }
    return path.toReversed()
  }
}
