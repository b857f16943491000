/**
 * Closing edges: reachability for many pairs of vertices at once, to find the edges that close a cycle.
 */
import { type Digraph, digraph, EdgeList } from "./Digraph.ts"
import { strongComponents } from "./StrongComponents.ts"

/** An edge by its vertices, of whatever relation. */
export interface Edge {
  readonly source: number
  readonly target: number
}

/**
 * The edges, out of some that need not belong to the graph, whose source can be reached from their target in the
 * graph, so that each of them closes a cycle.
 *
 * The graph is condensed to its strong components, which are numbered against the direction of its edges. One pass
 * over them then tells for 32 vertices at once from where they can be reached.
 */
export const closingEdges = (graph: Digraph, edges: ReadonlyArray<Edge>): ReadonlyArray<Edge> => {
  const { count, componentOf } = strongComponents(graph)
  const condensed = condensation(graph, componentOf, count)
  const byGoal = [...Map.groupBy(edges, ({ source }) => componentOf[source]!)]
  const closing: Array<Edge> = []
  const reachable = new Int32Array(count)
  for (let batch = 0; batch < byGoal.length; batch += 32) {
    const goals = byGoal.slice(batch, batch + 32)
    reachable.fill(0)
    for (const [bit, [goal]] of goals.entries()) {
      reachable[goal] = 1 << bit
    }
    for (let component = 0; component < count; component++) {
      for (let i = condensed.offsets[component]!; i < condensed.offsets[component + 1]!; i++) {
        reachable[component]! |= reachable[condensed.targets[i]!]!
      }
    }
    for (const [bit, [, ofGoal]] of goals.entries()) {
      closing.push(...ofGoal.filter(({ target }) => (reachable[componentOf[target]!]! & (1 << bit)) !== 0))
    }
  }
  return closing
}

const condensation = (graph: Digraph, componentOf: Int32Array, count: number): Digraph => {
  const edges = new EdgeList()
  for (let source = 0; source < graph.size; source++) {
    for (let i = graph.offsets[source]!; i < graph.offsets[source + 1]!; i++) {
      const target = graph.targets[i]!
      if (componentOf[source] !== componentOf[target]) {
        edges.add(componentOf[source]!, componentOf[target]!, 1)
      }
    }
  }
  return digraph(count, edges)
}
